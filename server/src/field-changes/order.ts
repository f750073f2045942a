import type { orderCustomFields as contract } from "@clientele/contract/custom-fields";
import { bodyError, type FieldError, problemOf } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import type { Call, Operation } from "../call.ts";
import { idOfCategory } from "../categories/operations.ts";
import { render } from "../custom-fields/answer.ts";
import { allFields, type StoredField, updateStatement } from "../custom-fields/change-field.ts";
import { changedDefinitions } from "../custom-fields/definitions.ts";
import { append } from "../journal/append.ts";

/** Brings fields into an order that has no ties: one request for whoever drags. */
export const orderCustomFields: Operation<typeof contract> = async (call, { body }) => {
  const fields = await allFields(call.database);
  const fieldErrors: FieldError[] = [];
  const named = fieldsNamed(fields, body.ids, fieldErrors);
  const categoryId =
    body.category_id === undefined ? null : await idOfCategory(call.database, body.category_id);
  if (categoryId === undefined)
    fieldErrors.push(bodyError("category_id", "CATEGORY_UNKNOWN", reason("CATEGORY_UNKNOWN")));
  if (fieldErrors.length > 0) throw problemOf(fieldErrors);
  await place(call, placesOf(fields, named, categoryId ?? null));
  return { data: { fields: (await allFields(call.database)).map(render) } };
};

function fieldsNamed(
  fields: readonly StoredField[],
  ids: readonly string[],
  fieldErrors: FieldError[],
): Set<StoredField> {
  const named = new Set<StoredField>();
  for (const [index, id] of ids.entries()) {
    const field = fields.find(
      (field) => field.id === id || (field.defaultId !== "" && field.defaultId === id),
    );
    if (!field) fieldErrors.push(bodyError(`ids.${index}`, "FIELD_UNKNOWN", reason("FIELD_UNKNOWN")));
    else if (named.has(field))
      fieldErrors.push(bodyError(`ids.${index}`, "REQUEST_INVALID", reason("FIELD_REPEATED_IN_ORDER")));
    else named.add(field);
  }
  return named;
}

type Placed = { before: StoredField; after: StoredField };

/** Where each field of a category comes to stand in which one is named. Only those that move. */
function placesOf(
  fields: readonly StoredField[],
  named: ReadonlySet<StoredField>,
  categoryId: string | null,
): Placed[] {
  const target = (field: StoredField): string =>
    named.has(field) && categoryId !== null ? categoryId : field.categoryId;
  const touched = new Set([...named].map(target));
  const next = new Map<string, number>();
  return [...named, ...fields.filter((field) => !named.has(field))]
    .filter((field) => touched.has(target(field)))
    .map((before) => {
      const place = target(before);
      const orderIndex = next.get(place) ?? 0;
      next.set(place, orderIndex + 1);
      return { before, after: { ...before, categoryId: place, orderIndex } };
    })
    .filter(
      ({ before, after }) => before.orderIndex !== after.orderIndex || before.categoryId !== after.categoryId,
    );
}

async function place(call: Call, placed: readonly Placed[]): Promise<void> {
  if (placed.length === 0) return;
  const { database } = call;
  const changes = placed.map(({ before, after }) => ({
    subjectId: before.id,
    kind: "updated" as const,
    version: before.version + 1,
    before: { categoryId: before.categoryId, orderIndex: before.orderIndex },
    after: { categoryId: after.categoryId, orderIndex: after.orderIndex },
  }));
  await database.batch([
    ...placed.map(({ after }) => updateStatement(database.enterpriseId, after, call.now)),
    append(call, "custom_field", "request", changes),
  ]);
  await changedDefinitions(database);
}
