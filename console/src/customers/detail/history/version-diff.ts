import type { Field } from "../../../custom-fields/definitions.ts";
import type { Customer, HistoryEntry } from "../customer-query.ts";
import type { AttributeChange } from "./change-table.tsx";

/** Changes that lead from the current record back to a version, derived from its history (newest first). */
export async function changesBackTo(
  history: AsyncIterable<HistoryEntry> | Iterable<HistoryEntry>,
  version: number,
): Promise<AttributeChange[]> {
  const changes = new Map<string, AttributeChange>();
  for await (const entry of history) {
    if (entry.version <= version) break;
    for (const { attribute, label, before, after } of entry.changes) {
      const later = changes.get(attribute);
      changes.set(attribute, { attribute, label, before: later ? later.before : after, after: before });
    }
  }
  return [...changes.values()].filter(
    ({ before, after }) => JSON.stringify(before) !== JSON.stringify(after),
  );
}

type CustomerRecord = Pick<Customer, "fields" | "tags" | "externalId">;

/** A record with these changes applied. */
export function applyChanges(
  { fields, tags, externalId }: CustomerRecord,
  changes: readonly AttributeChange[],
  definitions: readonly Field[],
): CustomerRecord {
  const valuesByAttribute = new Map(changes.map(({ attribute, after }) => [attribute, after]));
  const unchangedFields = fields.filter(({ id }) => !valuesByAttribute.has(`fields.${id}`));
  const restoredFields = definitions.flatMap(({ id, type, isMultiple, defaultId, label }) => {
    const value = valuesByAttribute.get(`fields.${id}`) ?? null;
    if (value === null) return [];
    const values = isMultiple && Array.isArray(value) ? value.map(String) : [];
    return [{ id, type, isMultiple, defaultId, label, values, value: isMultiple ? "" : String(value) }];
  });
  const tagNames = valuesByAttribute.get("tags");
  return {
    fields: [...unchangedFields, ...restoredFields],
    tags: valuesByAttribute.has("tags")
      ? (Array.isArray(tagNames) ? tagNames : []).map((name) => ({ id: String(name), name: String(name) }))
      : tags,
    externalId: valuesByAttribute.has("externalId")
      ? String(valuesByAttribute.get("externalId") ?? "")
      : externalId,
  };
}
