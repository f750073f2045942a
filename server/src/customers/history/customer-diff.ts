import { type Definitions, fieldIdOf } from "../../custom-fields/definitions.ts";
import { type FieldKey, fieldKeysIn } from "../../custom-fields/values/field-key.ts";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { lastTexts } from "../../journal/changes.ts";
import { required } from "../../validation/required.ts";
import { isSameValue } from "../plan.ts";
import type { Snapshot } from "../write.ts";

/** A customer before and after a change; null for none. */
export type Transition = { before?: Snapshot | null; after?: Snapshot | null };

/** Names of fields and tags, including deleted ones. */
export type DisplayNames = {
  definitions: Definitions;
  deletedFieldLabels: ReadonlyMap<FieldKey, string>;
  deletedTagNames: ReadonlyMap<string, string>;
};

/** Loads the names of every field and tag in the transitions. */
export async function loadDisplayNames(
  database: EnterpriseDatabase,
  definitions: Definitions,
  transitions: readonly Transition[],
): Promise<DisplayNames> {
  const snapshots = transitions.flatMap(({ before, after }) => [before ?? {}, after ?? {}]);
  const keys = new Set(snapshots.flatMap(({ values = {} }) => fieldKeysIn(values)));
  const deletedKeys = [...keys].filter((key) => !definitions.byKey.has(key));
  const tagIds = new Set(snapshots.flatMap((snapshot) => snapshot.tagIds ?? []));
  const deletedTagIds = [...tagIds].filter((id) => !definitions.tagNames.has(id));
  return {
    definitions,
    deletedFieldLabels: await labelsOf(database, definitions, deletedKeys),
    deletedTagNames: await lastTexts(database, "name", deletedTagIds),
  };
}

/** The last labels of deleted fields, as far as the journal has them. */
async function labelsOf(
  database: EnterpriseDatabase,
  definitions: Definitions,
  keys: readonly FieldKey[],
): Promise<Map<FieldKey, string>> {
  const keysById = new Map(keys.map((key) => [fieldIdOf(definitions, key), key]));
  const labels = await lastTexts(database, "label", [...keysById.keys()]);
  return new Map(
    [...labels].map(([id, label]) => [required(keysById.get(id), "the key of the deleted field"), label]),
  );
}

/** One entry per attribute that differs: fields in definition order, deleted fields last by number. */
export function diffEntries(transition: Transition, names: DisplayNames) {
  const { definitions, deletedFieldLabels } = names;
  const [before, after] = [transition.before ?? {}, transition.after ?? {}];
  const { byKey } = definitions;
  const position = (key: FieldKey) => byKey.get(key)?.position ?? byKey.size;
  const keys = fieldKeysIn({ ...before.values, ...after.values });
  keys.sort((one, other) => position(one) - position(other));
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
    ...keys.map((key) => ({
      attribute: `fields.${fieldIdOf(definitions, key)}`,
      label: byKey.get(key)?.label ?? deletedFieldLabels.get(key) ?? "",
      before: before.values?.[key] ?? null,
      after: after.values?.[key] ?? null,
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
