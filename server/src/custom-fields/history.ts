import { pageOf } from "@clientele/contract/envelopes";
import { Problem } from "@clientele/contract/errors";
import type * as contract from "@clientele/contract/history";
import type { Operation } from "../call.ts";
import { sql } from "../database/sql.ts";
import { answerChange, attributeChanges } from "../journal/answer-change.ts";
import { listChanges } from "../journal/changes.ts";
import * as store from "./store.ts";

/** A default field has no history until its first change. */
export const listFieldHistory: Operation<typeof contract.listFieldHistory> = async (
  { database },
  { params, query },
) => {
  const { page, limit, offset } = pageOf(query);
  const field = await store.fetchField(database, params.fieldId);
  const fieldId = sql`${field?.id ?? params.fieldId}`;
  const { changes, total } = await listChanges<Record<string, unknown>>(database, "custom_field", fieldId, {
    offset,
    limit,
  });
  if (!field && total === 0) throw new Problem("FIELD_NOT_FOUND");
  const data = changes.map((change) => answerChange(change, attributeChanges(change)));
  return { data, total, page, limit };
};
