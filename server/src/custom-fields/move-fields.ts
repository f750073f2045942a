import type { Call } from "../call.ts";
import { append, type Change } from "../journal/append.ts";
import { required } from "../validation/required.ts";
import * as store from "./store.ts";

/** Moves the fields of a category to be deleted to the end of another, in order. */
export async function moveFields(call: Call, fromCategoryId: string, toCategoryId: string): Promise<void> {
  const { database } = call;
  const fields = await store.fieldsOfCategory(database, fromCategoryId);
  if (fields.length === 0) return;
  const next = await store.nextOrderIndex(database, toCategoryId);
  const places = fields.map((_, index) => ({ categoryId: toCategoryId, orderIndex: next + index }));
  const changes = fields.map(
    ({ id, version, categoryId, orderIndex }, index): Change => ({
      subjectId: id,
      kind: "updated",
      version: version + 1,
      before: { categoryId, orderIndex },
      after: required(places[index], "the place of the field"),
    }),
  );
  await database.batch([
    ...fields.map((field, index) =>
      store.updateField(
        database.enterpriseId,
        { ...field, ...required(places[index], "the place of the field") },
        call.now,
      ),
    ),
    append(call, "custom_field", "category_deleted", changes),
  ]);
}
