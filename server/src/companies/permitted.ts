import type { EnterpriseDatabase } from "../database/as-enterprise.ts";

/** Of these companies those that the caller may act for: it is told no more of others than of those that do not exist. */
export function permitted({ entered }: EnterpriseDatabase, companyIds: readonly string[]): readonly string[] {
  if (!entered) throw new Error("Who calls is not known before it has entered.");
  const { companyIds: own } = entered;
  return own === null ? companyIds : companyIds.filter((id) => own.includes(id));
}
