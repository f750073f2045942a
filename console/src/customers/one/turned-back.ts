import type { AttributeChange } from "./change-table.tsx";
import type { HistoryEntry } from "./customer-query.ts";

/**
 * What differs between the record now and a version of it, told by the entries of its history, the newest first:
 * from what is to what was.
 */
export async function turnedBack(
  history: AsyncIterable<HistoryEntry>,
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
