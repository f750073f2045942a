import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { type Sql, sql } from "../../database/sql.ts";
import {
  conditionsOf,
  dependOnCaller,
  type Filters,
  type IndexableCondition,
  type SearchCondition,
} from "./filters.ts";

export type ListConditions = {
  indexable: readonly IndexableCondition[];
  /** Found through the search functions only. */
  viaSearchFunction: readonly Sql[];
  /** The arguments of the search functions. */
  searchArguments: Sql;
  /** So many customers match that a scan in sort order soon fills a page. */
  areCommon: boolean;
};

/** Loads the caller where a condition depends on the caller. */
export async function loadCallerFor(database: EnterpriseDatabase, filters: Filters): Promise<void> {
  if (dependOnCaller(filters)) await database.batch([]);
}

/** The conditions of `customers c` that the filters set. */
export function listConditions(database: EnterpriseDatabase, filters: Filters): ListConditions {
  const indexable: IndexableCondition[] = [];
  const searched: SearchCondition[] = [];
  for (const condition of conditionsOf(database, filters)) {
    if ("argument" in condition) searched.push(condition);
    else indexable.push(condition);
  }
  const argumentValue = (argument: SearchCondition["argument"]) => {
    const [condition, another] = searched.filter((condition) => condition.argument === argument);
    if (another) throw new Error(`Two filters set the search argument ${argument}.`);
    return condition?.value ?? null;
  };
  return {
    indexable,
    viaSearchFunction: searched.map(({ is }) => is),
    searchArguments: sql`${argumentValue("words")}::tsquery, ${argumentValue("values")}::jsonb, ${argumentValue("tagIds")}::uuid[]`,
    areCommon: searched.some(({ isCommon }) => isCommon === true),
  };
}
