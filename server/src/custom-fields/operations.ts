import type * as contract from "@clientele/contract/custom-fields";
import { pageOf } from "@clientele/contract/envelopes";
import { bodyFault, type Fault, Problem, problemOf } from "@clientele/contract/errors";
import { isOn } from "@clientele/contract/formats";
import type { Call, Operation } from "../call.ts";
import { idOfCategory } from "../categories/operations.ts";
import { fold } from "../customers/fold.ts";
import { releaseUniqueValues, rewriteValues } from "../customers/stored-values.ts";
import { objects, type Sql } from "../database/sql.ts";
import { violates } from "../database/sqlstate.ts";
import { append } from "../journal/append.ts";
import { differenceOf } from "../journal/difference.ts";
import { render } from "./answer.ts";
import { changedDefinitions, unmadeField } from "./definitions.ts";
import { effectOfDeletion, effectOfUpdate } from "./effect.ts";
import { followChange } from "./follow-change.ts";
import { newField, planField, type WrittenField } from "./plan-field.ts";
import { withRemoved } from "./select-options.ts";
import type { FieldState, StoredField } from "./store.ts";
import * as store from "./store.ts";

/** Fields are few enough to be at hand as a whole, so that labels are compared as customers' names are. */
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
  return { data: fields.slice(offset, offset + limit).map(render), total: fields.length, page, limit };
};

export const fetch: Operation<typeof contract.fetchCustomField> = async ({ database }, { params }) => {
  const field = await store.fetchField(database, params.fieldId);
  if (!field) throw new Problem("FIELD_NOT_FOUND");
  return { data: render(field), version: field.version };
};

/** A new field asks nothing of the customers that are there: it may be mandatory from the next write on. */
export const create: Operation<typeof contract.createCustomField> = async (call, { body }) => {
  const faults: Fault[] = [];
  const { field } = planField(newField(call.newId(), body.type), body, call.newId, faults);
  const placed = await inItsPlace(call, field, body, null, faults);
  if (faults.length > 0) throw problemOf(faults);
  const stored = await write(call, store.insertField(call.database.enterpriseId, placed, call.now));
  const { revision } = await changedDefinitions(call.database);
  await record(call, stored, differenceOf(store.attributes, null, stored));
  return { data: render(stored), version: stored.version, revision };
};

export const update: Operation<typeof contract.updateCustomField> = async (call, { params, query, body }) => {
  const before = await current(call, params.fieldId);
  const faults: Fault[] = [];
  const plan = planField(before, body, call.newId, faults);
  const field = await inItsPlace(call, plan.field, body, before, faults);
  if (faults.length > 0) throw problemOf(faults);
  const removed = plan.removedOptions.map(({ value }) => value);
  const chosen = await store.chosenValues(call.database, before, removed);
  field.selectOptions = withRemoved(field.selectOptions, plan.removedOptions, chosen);
  if (isOn(query.dry_run)) {
    await refuseTaken(call, field);
    const { createdAt, updatedAt } = before;
    const effect = await effectOfUpdate(call.database, before, unmadeField(field, 0), plan);
    return { data: { ...render({ ...field, version: 0, createdAt, updatedAt }), effect } };
  }
  const difference = differenceOf(store.attributes, before, field);
  if (difference === null) return { data: render(before), version: before.version };

  const stored = await write(call, store.updateField(call.database.enterpriseId, field, call.now));
  const definitions = await changedDefinitions(call.database);
  await followChange(call, definitions, before, plan.renamed);
  await record(call, stored, difference);
  return { data: render(stored), version: stored.version, revision: definitions.revision };
};

export const remove: Operation<typeof contract.deleteCustomField> = async (call, { params, query }) => {
  const field = await current(call, params.fieldId);
  if (field.defaultId !== "") throw new Problem("FIELD_PROTECTED");
  if (isOn(query.dry_run))
    return { data: { id: field.id, effect: await effectOfDeletion(call.database, field) } };
  await releaseUniqueValues(call.database, field.id);
  await call.database.batch([store.deleteField(call.database.enterpriseId, field.id)]);
  const definitions = await changedDefinitions(call.database);
  await rewriteValues(call, definitions, field.id, {
    convert: () => ({ value: null }),
    searchChanges: false,
    reason: "field_deleted",
  });
  const gone = { id: field.id, version: field.version + 1 };
  await record(call, gone, differenceOf(store.attributes, field, null));
  return { data: { id: field.id } };
};

/** The field that a path names, in the version that the caller expects. */
async function current(call: Call, name: string): Promise<StoredField> {
  const field = await store.fetchField(call.database, name);
  if (!field) throw new Problem("FIELD_NOT_FOUND");
  if (call.expectedVersion !== undefined && call.expectedVersion !== field.version)
    throw new Problem("VERSION_MISMATCH");
  return field;
}

/** The field in the category it names, behind the others when it comes there new. */
async function inItsPlace(
  { database }: Call,
  field: FieldState,
  written: WrittenField,
  before: StoredField | null,
  faults: Fault[],
): Promise<FieldState> {
  const stays = before !== null && written.category_id === undefined;
  const categoryId = stays ? before.categoryId : await idOfCategory(database, written.category_id ?? null);
  if (categoryId === undefined) {
    faults.push(bodyFault("category_id", "CATEGORY_UNKNOWN", "there is no such category"));
    return field;
  }
  const comesNew = categoryId !== before?.categoryId && written.order_index === undefined;
  const orderIndex = comesNew ? await store.nextOrderIndex(database, categoryId) : field.orderIndex;
  return { ...field, categoryId, orderIndex };
}

async function write({ database }: Call, statement: Sql): Promise<StoredField> {
  try {
    const [answer] = await database.batch([statement]);
    return objects<StoredField>(answer!)[0]!;
  } catch (error) {
    if (violates(error, "custom_fields_label_key")) throw labelTaken();
    if (violates(error, "custom_fields_external_id_key")) throw externalIdTaken();
    throw error;
  }
}

/** What the constraints would say of a field that is not written, the first of them first. */
async function refuseTaken({ database }: Call, field: FieldState): Promise<void> {
  const others = (await store.allFields(database)).filter(({ id }) => id !== field.id);
  const { externalId, label } = field;
  if (externalId !== "" && others.some((it) => it.externalId === externalId)) throw externalIdTaken();
  if (others.some((it) => it.label === label)) throw labelTaken();
}

const labelTaken = () =>
  problemOf([bodyFault("label", "NAME_TAKEN", "is the label of another custom field")]);
const externalIdTaken = () =>
  problemOf([bodyFault("external_id", "EXTERNAL_ID_TAKEN", "is taken by another custom field")]);

const record = (
  call: Call,
  { id, version }: { id: string; version: number },
  difference: ReturnType<typeof differenceOf>,
) =>
  call.database.batch([
    append(call, "custom_field", "request", [{ subjectId: id, version, ...difference! }]),
  ]);
