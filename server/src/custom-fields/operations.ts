import type * as contract from "@clientele/contract/custom-fields";
import { pageOf } from "@clientele/contract/envelopes";
import { Problem } from "@clientele/contract/errors";
import type { Operation } from "../call.ts";
import { fold } from "../text/fold.ts";
import { answerField } from "./answer-field.ts";
import * as store from "./store.ts";

/**
 * Fields are few, so all are loaded and labels are matched in memory with the same folding as customer names.
 */
export const list: Operation<typeof contract.listCustomFields> = async ({ database }, { query }) => {
  const { page, limit, offset } = pageOf(query);
  const part = fold(query.q ?? "");
  const fields = (await store.allFields(database)).filter(
    (field) =>
      (!query.category_id || field.categoryId === query.category_id) &&
      (query.type === undefined || query.type.includes(field.type)) &&
      (query.is_active === undefined || field.isActive === query.is_active) &&
      (fold(field.label).includes(part) || fold(field.defaultId).includes(part)),
  );
  return { data: fields.slice(offset, offset + limit).map(answerField), total: fields.length, page, limit };
};

export const fetch: Operation<typeof contract.fetchCustomField> = async ({ database }, { params }) => {
  const field = await store.fetchField(database, params.fieldId);
  if (!field) throw new Problem("FIELD_NOT_FOUND");
  return { data: answerField(field), version: field.version };
};
