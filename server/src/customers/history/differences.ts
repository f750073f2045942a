import type { Definitions } from "../../custom-fields/definitions.ts";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { lastTexts } from "../../journal/changes.ts";
import { isSameValue } from "../plan.ts";
import type { Snapshot } from "../write.ts";

/** A customer before and after something happened to it, null for none. */
export type Step = { before?: Snapshot | null; after?: Snapshot | null };

/** What fields and tags are called, with those that have been deleted since. */
export type Names = {
  definitions: Definitions;
  goneFields: ReadonlyMap<string, string>;
  goneTags: ReadonlyMap<string, string>;
};

/** The names of all that the steps are about. */
export async function namesIn(
  database: EnterpriseDatabase,
  definitions: Definitions,
  steps: readonly Step[],
): Promise<Names> {
  const snapshots = steps.flatMap(({ before, after }) => [before ?? {}, after ?? {}]);
  const fieldIds = snapshots.flatMap(({ values = {} }) => Object.keys(values));
  const tagIds = snapshots.flatMap((snapshot) => snapshot.tagIds ?? []);
  return {
    definitions,
    goneFields: await lastTexts(database, "label", gone(fieldIds, definitions.byId)),
    goneTags: await lastTexts(database, "name", gone(tagIds, definitions.tagNames)),
  };
}

const gone = (ids: readonly string[], known: ReadonlyMap<string, unknown>): string[] =>
  [...new Set(ids)].filter((id) => !known.has(id));

/** One entry for each attribute that differs, fields in the order of their definition, deleted ones last. */
export function differences(step: Step, names: Names) {
  const { definitions, goneFields } = names;
  const [before, after] = [step.before ?? {}, step.after ?? {}];
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
      label: definitions.byId.get(id)?.label ?? goneFields.get(id) ?? "",
      before: before.values?.[id] ?? null,
      after: after.values?.[id] ?? null,
    })),
  ];
  return entries.filter((entry) => !isSameValue(entry.before, entry.after));
}

/** The tags by name, null for none. A tag that the journal cannot name is told by its id. */
const tagNames = (ids: readonly string[] | undefined, { definitions, goneTags }: Names): string[] | null =>
  ids === undefined || ids.length === 0
    ? null
    : ids.map((id) => definitions.tagNames.get(id) ?? goneTags.get(id) ?? id);
