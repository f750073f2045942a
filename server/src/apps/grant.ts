import type { Scope } from "@clientele/contract/route";
import type { Call } from "../call.ts";

/** Scopes and companies of a caller; null means all companies. */
export type Grant = { scopes: readonly Scope[]; companyIds: readonly string[] | null };

/** What the caller may do. Known inside a write; a caller that is not known may do nothing. */
export const grantOf = ({ database: { session } }: Call): Grant => ({
  scopes: session.scopes as Scope[],
  companyIds: session.companyIds,
});

/** Whether `one` allows anything that `other` does not. */
export const exceeds = (one: Grant, other: Grant): boolean =>
  one.scopes.some((scope) => !other.scopes.includes(scope)) ||
  (other.companyIds !== null &&
    (one.companyIds === null || one.companyIds.some((id) => !other.companyIds?.includes(id))));
