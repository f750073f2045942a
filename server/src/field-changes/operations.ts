import type * as contract from "@clientele/contract/custom-fields";
import { bodyError, type FieldError, Problem, problemOf } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import { isOn } from "@clientele/contract/formats";
import type { Call, Operation } from "../call.ts";
import { idOfCategory } from "../categories/operations.ts";
import { render } from "../custom-fields/answer.ts";
import {
  chosenValues,
  deleteField,
  type FieldState,
  fieldDifference,
  fieldToChange,
  insertField,
  nextOrderIndex,
  recordField,
  refuseTaken,
  type StoredField,
  updateField,
} from "../custom-fields/change-field.ts";
import { changedDefinitions, unmadeField } from "../custom-fields/definitions.ts";
import { newField, planField, type WrittenField } from "../custom-fields/plan-field.ts";
import { withRemoved } from "../custom-fields/select-options.ts";
import { effectOfDeletion, effectOfUpdate } from "./effect.ts";
import { followChange } from "./follow-change.ts";
import { releaseUniqueValues, rewriteValues } from "./stored-values.ts";

/** A new field asks nothing of the customers that are there: it may be mandatory from the next write on. */
export const create: Operation<typeof contract.createCustomField> = async (call, { body }) => {
  const fieldErrors: FieldError[] = [];
  const { field } = planField(newField(call.newId(), body.type), body, call.newId, fieldErrors);
  const placed = await inItsPlace(call, field, body, null, fieldErrors);
  if (fieldErrors.length > 0) throw problemOf(fieldErrors);
  const stored = await insertField(call, placed);
  const { revision } = await changedDefinitions(call.database);
  await recordField(call, stored, fieldDifference(null, stored));
  return { data: render(stored), version: stored.version, revision };
};

export const update: Operation<typeof contract.updateCustomField> = async (call, { params, query, body }) => {
  const before = await fieldToChange(call, params.fieldId);
  const fieldErrors: FieldError[] = [];
  const plan = planField(before, body, call.newId, fieldErrors);
  const field = await inItsPlace(call, plan.field, body, before, fieldErrors);
  if (fieldErrors.length > 0) throw problemOf(fieldErrors);
  const removed = plan.removedOptions.map(({ value }) => value);
  const chosen = await chosenValues(call.database, before, removed);
  field.selectOptions = withRemoved(field.selectOptions, plan.removedOptions, chosen);
  if (isOn(query.dry_run)) {
    await refuseTaken(call, field);
    const { createdAt, updatedAt } = before;
    const effect = await effectOfUpdate(call.database, before, unmadeField(field, 0), plan);
    return { data: { ...render({ ...field, version: 0, createdAt, updatedAt }), effect } };
  }
  const difference = fieldDifference(before, field);
  if (difference === null) return { data: render(before), version: before.version };

  const stored = await updateField(call, field);
  const definitions = await changedDefinitions(call.database);
  await followChange(call, definitions, before, plan.renamed);
  await recordField(call, stored, difference);
  return { data: render(stored), version: stored.version, revision: definitions.revision };
};

export const remove: Operation<typeof contract.deleteCustomField> = async (call, { params, query }) => {
  const field = await fieldToChange(call, params.fieldId);
  if (field.defaultId !== "") throw new Problem("FIELD_PROTECTED");
  if (isOn(query.dry_run))
    return { data: { id: field.id, effect: await effectOfDeletion(call.database, field) } };
  await releaseUniqueValues(call.database, field.id);
  await call.database.batch([deleteField(call.database.enterpriseId, field.id)]);
  const definitions = await changedDefinitions(call.database);
  await rewriteValues(call, definitions, field.id, {
    convert: () => ({ value: null }),
    searchChanges: false,
    reason: "field_deleted",
  });
  const gone = { id: field.id, version: field.version + 1 };
  await recordField(call, gone, fieldDifference(field, null));
  return { data: { id: field.id } };
};

/** The field in the category it names, behind the others when it comes there new. */
async function inItsPlace(
  { database }: Call,
  field: FieldState,
  written: WrittenField,
  before: StoredField | null,
  fieldErrors: FieldError[],
): Promise<FieldState> {
  const stays = before !== null && written.category_id === undefined;
  const categoryId = stays ? before.categoryId : await idOfCategory(database, written.category_id ?? null);
  if (categoryId === undefined) {
    fieldErrors.push(bodyError("category_id", "CATEGORY_UNKNOWN", reason("CATEGORY_UNKNOWN")));
    return field;
  }
  const comesNew = categoryId !== before?.categoryId && written.order_index === undefined;
  const orderIndex = comesNew ? await nextOrderIndex(database, categoryId) : field.orderIndex;
  return { ...field, categoryId, orderIndex };
}
