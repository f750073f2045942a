import type { Field } from "../../../custom-fields/definitions.ts";
import type { Customer, HistoryEntry } from "../customer-query.ts";
import type { AttributeChange } from "./change-table.tsx";

/**
 * What differs between the record now and a version of it, told by the entries of its history, the newest first:
 * from what is to what was.
 */
export async function turnedBack(
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

type RecordThen = Pick<Customer, "fields" | "tags" | "externalId">;

/** A record with what has been turned back in it. */
export function withTurnedBack(
  { fields, tags, externalId }: RecordThen,
  changes: readonly AttributeChange[],
  definitions: readonly Field[],
): RecordThen {
  const turned = new Map(changes.map(({ attribute, after }) => [attribute, after]));
  const standing = fields.filter(({ id }) => !turned.has(`fields.${id}`));
  const returned = definitions.flatMap(({ id, type, isMultiple, defaultId, label }) => {
    const value = turned.get(`fields.${id}`) ?? null;
    if (value === null) return [];
    const values = isMultiple && Array.isArray(value) ? value.map(String) : [];
    return [{ id, type, isMultiple, defaultId, label, values, value: isMultiple ? "" : String(value) }];
  });
  const tagNames = turned.get("tags");
  return {
    fields: [...standing, ...returned],
    tags: turned.has("tags")
      ? (Array.isArray(tagNames) ? tagNames : []).map((name) => ({ id: String(name), name: String(name) }))
      : tags,
    externalId: turned.has("externalId") ? String(turned.get("externalId") ?? "") : externalId,
  };
}
