import type * as contract from "@clientele/contract/custom-fields";
import { bodyError, type FieldError, Problem, problemOf } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import { isOn } from "@clientele/contract/formats";
import type { Call, Operation } from "../call.ts";
import { findCategoryId } from "../categories/operations.ts";
import { answerField } from "../custom-fields/answer-field.ts";
import {
  chosenValues,
  deleteField,
  type FieldState,
  fieldDiff,
  findFieldToChange,
  insertField,
  journalField,
  nextOrderIndex,
  refuseDuplicates,
  type StoredField,
  updateField,
} from "../custom-fields/change-field.ts";
import { bumpDefinitions, draftField } from "../custom-fields/definitions.ts";
import { type FieldInput, newField, planField } from "../custom-fields/plan-field.ts";
import { withOptionsInUse } from "../custom-fields/select-options.ts";
import { fieldKeyOf } from "../custom-fields/values/field-key.ts";
import { required } from "../validation/required.ts";
import { applyFieldChange } from "./apply-change.ts";
import { effectOfDeletion, effectOfUpdate } from "./effect.ts";
import { releaseUniqueValues, rewriteValues } from "./stored-values.ts";

/** A new field does not affect stored customers: a mandatory one applies from their next write. */
export const create: Operation<typeof contract.createCustomField> = async (call, { body }) => {
  const fieldErrors: FieldError[] = [];
  const { field } = planField(newField(call.newId(), body.type), body, call.newId, fieldErrors);
  const fieldToInsert = await withPlacement(call, field, body, null, fieldErrors);
  if (fieldErrors.length > 0) throw problemOf(fieldErrors);
  const stored = await insertField(call, fieldToInsert);
  const { revision } = await bumpDefinitions(call.database);
  await journalField(call, stored, required(fieldDiff(null, stored), "difference"));
  return { data: answerField(stored), version: stored.version, revision };
};

export const update: Operation<typeof contract.updateCustomField> = async (call, { params, query, body }) => {
  const before = await findFieldToChange(call, params.fieldId);
  const fieldErrors: FieldError[] = [];
  const plan = planField(before, body, call.newId, fieldErrors);
  const field = await withPlacement(call, plan.field, body, before, fieldErrors);
  if (fieldErrors.length > 0) throw problemOf(fieldErrors);
  const removedValues = plan.removedOptions.map(({ value }) => value);
  const inUse = await chosenValues(call.database, before, removedValues);
  field.selectOptions = withOptionsInUse(field.selectOptions, plan.removedOptions, inUse);
  if (isOn(query.dry_run)) {
    await refuseDuplicates(call, field);
    const { number, createdAt, updatedAt } = before;
    const effect = await effectOfUpdate(call.database, before, draftField({ ...field, number }, 0), plan);
    return { data: { ...answerField({ ...field, number, version: 0, createdAt, updatedAt }), effect } };
  }
  const diff = fieldDiff(before, field);
  if (diff === null) return { data: answerField(before), version: before.version };

  const stored = await updateField(call, field);
  const definitions = await bumpDefinitions(call.database);
  await applyFieldChange(call, definitions, before, plan.renamed);
  await journalField(call, stored, diff);
  return { data: answerField(stored), version: stored.version, revision: definitions.revision };
};

export const remove: Operation<typeof contract.deleteCustomField> = async (call, { params, query }) => {
  const field = await findFieldToChange(call, params.fieldId);
  const key = fieldKeyOf(field.number);
  if (field.defaultId !== "") throw new Problem("FIELD_PROTECTED");
  if (isOn(query.dry_run))
    return { data: { id: field.id, effect: await effectOfDeletion(call.database, field) } };
  await releaseUniqueValues(call.database, key);
  await call.database.batch([deleteField(call.database.enterpriseId, field.id)]);
  const definitions = await bumpDefinitions(call.database);
  await rewriteValues(call, definitions, key, {
    convert: () => ({ value: null }),
    searchChanges: false,
    reason: "field_deleted",
  });
  const deletedField = { id: field.id, version: field.version + 1 };
  await journalField(call, deletedField, required(fieldDiff(field, null), "difference"));
  return { data: { id: field.id } };
};

/** Places the field in its category, last when it is new there. */
async function withPlacement(
  { database }: Call,
  field: FieldState,
  written: FieldInput,
  before: StoredField | null,
  fieldErrors: FieldError[],
): Promise<FieldState> {
  const keepsCategory = before !== null && written.category_id === undefined;
  const categoryId = keepsCategory
    ? before.categoryId
    : await findCategoryId(database, written.category_id ?? null);
  if (categoryId === undefined) {
    fieldErrors.push(bodyError("category_id", "CATEGORY_UNKNOWN", reason("CATEGORY_UNKNOWN")));
    return field;
  }
  const entersCategory = categoryId !== before?.categoryId && written.order_index === undefined;
  const orderIndex = entersCategory ? await nextOrderIndex(database, categoryId) : field.orderIndex;
  return { ...field, categoryId, orderIndex };
}
