import type { orderCustomFields as contract } from "@clientele/contract/custom-fields";
import { bodyError, type FieldError, problemOf } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import type { Call, Operation } from "../call.ts";
import { findCategoryId } from "../categories/operations.ts";
import { answerField } from "../custom-fields/answer-field.ts";
import { allFields, type StoredField, updateStatement } from "../custom-fields/change-field.ts";
import { bumpDefinitions } from "../custom-fields/definitions.ts";
import { append } from "../journal/append.ts";

/** Reorders fields without ties in one request, as after drag and drop. */
export const orderCustomFields: Operation<typeof contract> = async (call, { body }) => {
  const fields = await allFields(call.database);
  const fieldErrors: FieldError[] = [];
  const listed = findFields(fields, body.ids, fieldErrors);
  const categoryId =
    body.category_id === undefined ? null : await findCategoryId(call.database, body.category_id);
  if (categoryId === undefined)
    fieldErrors.push(bodyError("category_id", "CATEGORY_UNKNOWN", reason("CATEGORY_UNKNOWN")));
  if (fieldErrors.length > 0) throw problemOf(fieldErrors);
  await place(call, movesOf(fields, listed, categoryId ?? null));
  return { data: { fields: (await allFields(call.database)).map(answerField) } };
};

function findFields(
  fields: readonly StoredField[],
  ids: readonly string[],
  fieldErrors: FieldError[],
): Set<StoredField> {
  const listed = new Set<StoredField>();
  for (const [index, id] of ids.entries()) {
    const field = fields.find(
      (field) => field.id === id || (field.defaultId !== "" && field.defaultId === id),
    );
    if (!field) fieldErrors.push(bodyError(`ids.${index}`, "FIELD_UNKNOWN", reason("FIELD_UNKNOWN")));
    else if (listed.has(field))
      fieldErrors.push(bodyError(`ids.${index}`, "REQUEST_INVALID", reason("FIELD_REPEATED_IN_ORDER")));
    else listed.add(field);
  }
  return listed;
}

type FieldMove = { before: StoredField; after: StoredField };

/** The moves within every category that a listed field enters; unchanged fields are left out. */
function movesOf(
  fields: readonly StoredField[],
  listed: ReadonlySet<StoredField>,
  categoryId: string | null,
): FieldMove[] {
  const target = (field: StoredField): string =>
    listed.has(field) && categoryId !== null ? categoryId : field.categoryId;
  const touchedCategories = new Set([...listed].map(target));
  const next = new Map<string, number>();
  return [...listed, ...fields.filter((field) => !listed.has(field))]
    .filter((field) => touchedCategories.has(target(field)))
    .map((before) => {
      const writeMoves = target(before);
      const orderIndex = next.get(writeMoves) ?? 0;
      next.set(writeMoves, orderIndex + 1);
      return { before, after: { ...before, categoryId: writeMoves, orderIndex } };
    })
    .filter(
      ({ before, after }) => before.orderIndex !== after.orderIndex || before.categoryId !== after.categoryId,
    );
}

async function place(call: Call, moves: readonly FieldMove[]): Promise<void> {
  if (moves.length === 0) return;
  const { database } = call;
  const changes = moves.map(({ before, after }) => ({
    subjectId: before.id,
    kind: "updated" as const,
    version: before.version + 1,
    before: { categoryId: before.categoryId, orderIndex: before.orderIndex },
    after: { categoryId: after.categoryId, orderIndex: after.orderIndex },
  }));
  await database.batch([
    ...moves.map(({ after }) => updateStatement(database.enterpriseId, after, call.now)),
    append(call, "custom_field", "request", changes),
  ]);
  await bumpDefinitions(database);
}
