import type { EnterpriseDatabase } from "../database/as-enterprise.ts";

/** The subset of companies the caller may act for. Other companies are treated as nonexistent. */
export function permittedCompanies(
  { session }: EnterpriseDatabase,
  companyIds: readonly string[],
): readonly string[] {
  const { companyIds: own } = session;
  return own === null ? companyIds : companyIds.filter((id) => own.includes(id));
}
