import type { EnterpriseDatabase } from "../database/as-enterprise.ts";

/** Of these companies those that the caller may act for: it is told no more of others than of those that do not exist. */
export function permittedCompanies(
  { session }: EnterpriseDatabase,
  companyIds: readonly string[],
): readonly string[] {
  const { companyIds: own } = session;
  return own === null ? companyIds : companyIds.filter((id) => own.includes(id));
}
