import { pageOf } from "@clientele/contract/envelopes";
import { Problem } from "@clientele/contract/errors";
import type * as contract from "@clientele/contract/history";
import type { Operation } from "../call.ts";
import { sql } from "../database/sql.ts";
import { answerChange, attributeChanges } from "../journal/answer-change.ts";
import { listChanges } from "../journal/changes.ts";
import * as store from "./store.ts";

/** The default category has no history until its first change. */
export const listCategoryHistory: Operation<typeof contract.listCategoryHistory> = async (
  { database },
  { params, query },
) => {
  const { page, limit, offset } = pageOf(query);
  const { changes, total } = await listChanges<Record<string, unknown>>(
    database,
    "category",
    sql`${params.categoryId}`,
    { offset, limit },
  );
  if (total === 0 && !(await store.find(database, params.categoryId)))
    throw new Problem("CATEGORY_NOT_FOUND");
  const data = changes.map((change) => answerChange(change, attributeChanges(change)));
  return { data, total, page, limit };
};
