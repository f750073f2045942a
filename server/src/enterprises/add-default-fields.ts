import { findCategoryId } from "../categories/operations.ts";
import {
  allFields,
  type FieldState,
  fieldDiff,
  insertField,
  nextOrderIndex,
} from "../custom-fields/change-field.ts";
import { type DefaultField, defaultFields } from "../custom-fields/default-fields.ts";
import { bumpDefinitions } from "../custom-fields/definitions.ts";
import { newField } from "../custom-fields/plan-field.ts";
import { type EnterpriseDatabase, writingAs } from "../database/as-enterprise.ts";
import type { OperatorPool } from "../database/pools.ts";
import { sql } from "../database/sql.ts";
import { newIdAt } from "../ids/new-id.ts";
import type { PeriodicJob } from "../jobs/periodic.ts";
import { append, operatorOf } from "../journal/append.ts";
import { required } from "../validation/required.ts";
import * as store from "./store.ts";

/**
 * Adds the default fields that existing enterprises do not have yet, one transaction per enterprise. Each field is
 * added once: a default field cannot be deleted, and one that was renamed or deactivated stays as it is.
 * @returns the number of enterprises that were changed
 */
export async function addDefaultFields(
  operator: OperatorPool,
  now: Date,
  { fields = defaultFields, signal }: { fields?: readonly DefaultField[]; signal?: AbortSignal } = {},
): Promise<number> {
  const ids = fields.map(({ defaultId }) => defaultId);
  const incomplete = await operator.many(
    sql<{ id: string }>`select id from enterprises where not default_field_ids @> ${ids}::text[] order by id`,
  );
  let changed = 0;
  for (const { id: enterpriseId } of incomplete) {
    if (signal?.aborted) break;
    // The lock on the definitions makes a second process wait, and then find nothing to add.
    const options = { changesDefinitions: true };
    const added = await writingAs(operator, { enterpriseId, kind: "operator" }, options, (database) =>
      addTo(database, fields, now),
    );
    if (added > 0) changed++;
  }
  return changed;
}

/** Adds them at the start, and tries every hour again where an enterprise was busy. */
export const defaultFieldsJob = (operator: OperatorPool): PeriodicJob => ({
  kind: "default-fields",
  everyMs: 3_600_000,
  deadlineMs: 600_000,
  runsAt: "start",
  run: async (signal) => {
    await addDefaultFields(operator, new Date(), { signal });
  },
});

async function addTo(
  database: EnterpriseDatabase,
  fields: readonly DefaultField[],
  now: Date,
): Promise<number> {
  const { enterpriseId } = database;
  const given = new Set(await store.defaultFieldIds(database));
  const missing = fields.filter(({ defaultId }) => !given.has(defaultId));
  if (missing.length === 0) return 0;

  const categoryId = required(await findCategoryId(database, null), "the default category");
  const labels = new Set((await allFields(database)).map(({ label }) => label));
  const first = await nextOrderIndex(database, categoryId);
  const author = operatorOf(database, now);
  for (const [index, field] of missing.entries()) {
    const label = freeLabel(field, labels);
    labels.add(label);
    const state = { ...stateOf(field, now), categoryId, label, orderIndex: first + index };
    const { id, version } = await insertField(author, state);
    const change = { subjectId: id, version, ...required(fieldDiff(null, state), "the difference") };
    await database.batch([append(author, "custom_field", "default_field_added", [change])]);
  }
  const ids = missing.map(({ defaultId }) => defaultId);
  await database.batch([store.addDefaultFieldIds(enterpriseId, ids)]);
  await bumpDefinitions(database);
  return missing.length;
}

/** Labels are unique: where the enterprise uses the label itself, the field's has its `defaultId` behind it. */
function freeLabel({ defaultId, label }: DefaultField, taken: ReadonlySet<string>): string {
  if (!taken.has(label)) return label;
  let numbered = `${label} (${defaultId})`;
  for (let number = 2; taken.has(numbered); number++) numbered = `${label} (${defaultId} ${number})`;
  return numbered;
}

const stateOf = ({ defaultId, type, options = [] }: DefaultField, now: Date): FieldState => ({
  ...newField(newIdAt(now), type),
  defaultId,
  translationKey: `customfields.${defaultId}`,
  selectOptions: options.map(([value, label], orderIndex) => ({
    id: newIdAt(now),
    value,
    label,
    orderIndex,
    isActive: true,
  })),
});
