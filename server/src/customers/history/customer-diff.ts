import type { Definitions } from "../../custom-fields/definitions.ts";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { lastTexts } from "../../journal/changes.ts";
import { isSameValue } from "../plan.ts";
import type { Snapshot } from "../write.ts";

/** A customer before and after a change; null for none. */
export type Transition = { before?: Snapshot | null; after?: Snapshot | null };

/** Names of fields and tags, including deleted ones. */
export type DisplayNames = {
  definitions: Definitions;
  deletedFieldLabels: ReadonlyMap<string, string>;
  deletedTagNames: ReadonlyMap<string, string>;
};

/** Loads the names of every field and tag in the transitions. */
export async function loadDisplayNames(
  database: EnterpriseDatabase,
  definitions: Definitions,
  transitions: readonly Transition[],
): Promise<DisplayNames> {
  const snapshots = transitions.flatMap(({ before, after }) => [before ?? {}, after ?? {}]);
  const fieldIds = snapshots.flatMap(({ values = {} }) => Object.keys(values));
  const tagIds = snapshots.flatMap((snapshot) => snapshot.tagIds ?? []);
  return {
    definitions,
    deletedFieldLabels: await lastTexts(database, "label", missingIds(fieldIds, definitions.byId)),
    deletedTagNames: await lastTexts(database, "name", missingIds(tagIds, definitions.tagNames)),
  };
}

const missingIds = (ids: readonly string[], existing: ReadonlyMap<string, unknown>): string[] =>
  [...new Set(ids)].filter((id) => !existing.has(id));

/** One entry per attribute that differs: fields in definition order, deleted fields last. */
export function diffEntries(transition: Transition, names: DisplayNames) {
  const { definitions, deletedFieldLabels } = names;
  const [before, after] = [transition.before ?? {}, transition.after ?? {}];
  const fieldIds = [...new Set([...Object.keys(before.values ?? {}), ...Object.keys(after.values ?? {})])];
  const position = (id: string) => definitions.byId.get(id)?.position ?? Number.POSITIVE_INFINITY;
  fieldIds.sort((one, other) => Math.sign(position(one) - position(other)) || (one < other ? -1 : 1));
  const entries = [
    ...(["externalId", "importCustomerId", "bookerId"] as const).map((attribute) => ({
      attribute: attribute as string,
      label: "",
      before: before[attribute] ?? null,
      after: after[attribute] ?? null,
    })),
    {
      attribute: "tags",
      label: "",
      before: tagNames(before.tagIds, names),
      after: tagNames(after.tagIds, names),
    },
    ...fieldIds.map((id) => ({
      attribute: `fields.${id}`,
      label: definitions.byId.get(id)?.label ?? deletedFieldLabels.get(id) ?? "",
      before: before.values?.[id] ?? null,
      after: after.values?.[id] ?? null,
    })),
  ];
  return entries.filter((entry) => !isSameValue(entry.before, entry.after));
}

/** Tag names, null for none; the id when the journal has no name. */
const tagNames = (
  ids: readonly string[] | undefined,
  { definitions, deletedTagNames }: DisplayNames,
): string[] | null =>
  ids === undefined || ids.length === 0
    ? null
    : ids.map((id) => definitions.tagNames.get(id) ?? deletedTagNames.get(id) ?? id);
