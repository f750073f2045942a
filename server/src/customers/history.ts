import { pageOf } from "@clientele/contract/envelopes";
import { Problem } from "@clientele/contract/errors";
import { timestampOf } from "@clientele/contract/formats";
import type * as contract from "@clientele/contract/history";
import type { Operation } from "../call.ts";
import { type Definitions, withDefinitions } from "../custom-fields/definitions.ts";
import { lastTexts, listChanges, type StoredChange } from "../journal/changes.ts";
import { addressOf, idAt } from "./address.ts";
import { isSameValue } from "./plan.ts";
import type { Snapshot } from "./write.ts";

/** A customer that is gone has left nothing but its history, so that alone tells whether there ever was one. */
export const listHistory: Operation<typeof contract.listHistory> = ({ database }, { params, query }) => {
  const { page, limit, offset } = pageOf(query);
  const customerId = idAt(database.enterpriseId, addressOf(params.customerId, query.external));
  return withDefinitions(database, async (definitions) => {
    const listed = await listChanges<Snapshot>(database, "customer", customerId, { offset, limit });
    if (listed.total === 0) throw new Problem("CUSTOMER_NOT_FOUND");
    const snapshots = listed.changes.flatMap(({ before, after }) => [before ?? {}, after ?? {}]);
    const fieldIds = snapshots.flatMap(({ values = {} }) => Object.keys(values));
    const tagIds = snapshots.flatMap((snapshot) => snapshot.tagIds ?? []);
    const names: Names = {
      definitions,
      goneFields: await lastTexts(database, "label", gone(fieldIds, definitions.byId)),
      goneTags: await lastTexts(database, "name", gone(tagIds, definitions.tagNames)),
    };
    return { data: listed.changes.map((change) => answer(change, names)), total: listed.total, page, limit };
  });
};

const gone = (ids: readonly string[], known: ReadonlyMap<string, unknown>): string[] =>
  [...new Set(ids)].filter((id) => !known.has(id));

/** What fields and tags are called, with those that have been deleted since. */
type Names = {
  definitions: Definitions;
  goneFields: ReadonlyMap<string, string>;
  goneTags: ReadonlyMap<string, string>;
};

const answer = ({ before, after, at, ...change }: StoredChange<Snapshot>, names: Names) => ({
  id: change.id,
  at: timestampOf(at),
  kind: change.kind,
  reason: change.reason,
  version: change.version,
  appId: change.appId,
  appName: change.appName,
  companyId: change.companyId,
  importLine: change.importLine,
  requestId: change.requestId,
  changes: differences(before ?? {}, after ?? {}, names),
});

/** One entry for each attribute that differs, fields in the order of their definition, deleted ones last. */
function differences(before: Snapshot, after: Snapshot, names: Names) {
  const { definitions, goneFields } = names;
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
