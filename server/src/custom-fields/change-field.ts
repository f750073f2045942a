import { bodyError, Problem, problemOf } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import type { Call } from "../call.ts";
import type { Sql } from "../database/sql.ts";
import { sqlstateOf, violates } from "../database/sqlstate.ts";
import { append } from "../journal/append.ts";
import { changedColumns, type Difference } from "../journal/difference.ts";
import * as store from "./store.ts";

export {
  allFields,
  deleteField,
  type FieldState,
  nextOrderIndex,
  type StoredField,
  updateField as updateStatement,
  valuesInUse as chosenValues,
} from "./store.ts";

/** The field in the path. Throws FIELD_NOT_FOUND or VERSION_MISMATCH. */
export async function findFieldToChange(call: Call, name: string): Promise<store.StoredField> {
  const field = await store.fetchField(call.database, name);
  if (!field) throw new Problem("FIELD_NOT_FOUND");
  if (call.expectedVersion !== undefined && call.expectedVersion !== field.version)
    throw new Problem("VERSION_MISMATCH");
  return field;
}

type Writing = Pick<Call, "database" | "now">;

/** Inserts a field. Throws NAME_TAKEN, EXTERNAL_ID_TAKEN, or REQUEST_INVALID after the last number. */
export const insertField = (call: Writing, field: store.FieldState): Promise<store.StoredField> =>
  write(call, store.insertField(call.database.enterpriseId, field, call.now));

/** Updates a field. Throws NAME_TAKEN or EXTERNAL_ID_TAKEN. */
export const updateField = (call: Call, field: store.FieldState): Promise<store.StoredField> =>
  write(call, store.updateField(call.database.enterpriseId, field, call.now));

async function write({ database }: Writing, statement: Sql<store.StoredField>): Promise<store.StoredField> {
  try {
    return await database.one(statement);
  } catch (error) {
    if (violates(error, "custom_fields_label_key")) throw labelTaken();
    if (violates(error, "custom_fields_external_id_key")) throw externalIdTaken();
    if (sqlstateOf(error) === numberOutOfRange) throw numbersUsed();
    throw error;
  }
}

/** Applies the unique constraints to a dry run, in the order in which the database checks them. */
export async function refuseDuplicates({ database }: Call, field: store.FieldState): Promise<void> {
  const others = (await store.allFields(database)).filter(({ id }) => id !== field.id);
  const { externalId, label } = field;
  if (externalId !== "" && others.some((other) => other.externalId === externalId)) throw externalIdTaken();
  if (others.some((other) => other.label === label)) throw labelTaken();
}

// The number of a field is a smallint.
const numberOutOfRange = "22003";
const numberMax = 32_767;

const numbersUsed = () =>
  problemOf([bodyError("label", "REQUEST_INVALID", reason("FIELD_NUMBERS_USED", { max: numberMax }))]);
const labelTaken = () => problemOf([bodyError("label", "NAME_TAKEN", reason("FIELD_LABEL_TAKEN"))]);
const externalIdTaken = () =>
  problemOf([bodyError("external_id", "EXTERNAL_ID_TAKEN", reason("TAKEN_BY_FIELD"))]);

/** The changed attributes; null when nothing changes. */
export const fieldDiff = (
  before: store.FieldState | null,
  after: store.FieldState | null,
): Difference | null => changedColumns(store.journaledAttributes, before, after);

/** Appends a field change to the journal. */
export const journalField = (
  call: Call,
  { id, version }: { id: string; version: number },
  difference: Difference,
): Promise<unknown> =>
  call.database.batch([append(call, "custom_field", "request", [{ subjectId: id, version, ...difference }])]);
