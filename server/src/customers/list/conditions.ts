import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { dependOnCaller, type Filters } from "./filters.ts";

/** Loads the caller where a condition depends on the caller. */
export async function loadCallerFor(database: EnterpriseDatabase, filters: Filters): Promise<void> {
  if (dependOnCaller(filters)) await database.batch([]);
}
