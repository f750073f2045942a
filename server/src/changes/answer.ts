import type { FeedChange, FeedSubject } from "@clientele/contract/changes";
import { type Static, timestampOf } from "@clientele/contract/formats";
import { type Definitions, fieldIdOf, withDefinitions } from "../custom-fields/definitions.ts";
import { type FieldKey, fieldEntriesOf } from "../custom-fields/values/field-key.ts";
import { withCreatedStates } from "../customers/history/past-states.ts";
import type { Snapshot } from "../customers/write.ts";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import type { Subject } from "../journal/append.ts";
import { lastTexts } from "../journal/changes.ts";
import type { FedChange } from "../journal/feed.ts";

const subjectNames = {
  customer: "customer",
  custom_field: "customField",
  category: "category",
  tag: "tag",
  event: "event",
  import: "import",
  app: "app",
  company: "company",
  webhook: "webhook",
  person: "person",
} as const satisfies Record<Subject, FeedSubject>;

/** The journal's subjects for those of a request. */
export const subjectsNamed = (names: readonly FeedSubject[] | undefined): Subject[] | undefined =>
  names &&
  (Object.keys(subjectNames) as Subject[]).filter((subject) => names.includes(subjectNames[subject]));

/** Changes in wire format. Tags have their current name, deleted ones their last. */
export async function answersOf(
  database: EnterpriseDatabase,
  fed: readonly FedChange[],
): Promise<Static<typeof FeedChange>[]> {
  const changes = await withCreatedStates(database, fed);
  return withDefinitions(database, async (definitions) => {
    const { tagNames } = definitions;
    const tagIds = changes.flatMap(({ subject, before, after }) =>
      subject === "customer" ? [before, after].flatMap((value: Snapshot | null) => value?.tagIds ?? []) : [],
    );
    const deleted = [...new Set(tagIds)].filter((id) => !tagNames.has(id));
    const deletedNames = await lastTexts(database, "name", deleted);
    const naming: Naming = {
      nameOf: (tagId) => tagNames.get(tagId) ?? deletedNames.get(tagId) ?? "",
      definitions,
    };
    return changes.map((change) => answerOf(change, naming));
  });
}

type Naming = { nameOf(tagId: string): string; definitions: Definitions };

function answerOf(
  { next: _next, number: _number, id, at, subject, before, after, ...change }: FedChange,
  naming: Naming,
): Static<typeof FeedChange> {
  const snapshotAnswer = (snapshot: FedChange["before"]) =>
    snapshot && subject === "customer" ? customerOf(snapshot, naming) : snapshot;
  return {
    id,
    at: timestampOf(at),
    subject: subjectNames[subject],
    ...change,
    before: snapshotAnswer(before),
    after: snapshotAnswer(after),
  };
}

function customerOf(snapshot: Snapshot, { nameOf, definitions }: Naming): Record<string, unknown> {
  const { externalId, importCustomerId, bookerId, tagIds, values } = snapshot;
  const { byKey } = definitions;
  const positionOf = (key: FieldKey) => byKey.get(key)?.position ?? byKey.size;
  const fields = fieldEntriesOf(values ?? {})
    .sort(([one], [other]) => positionOf(one) - positionOf(other))
    .map(([key, value]) => [fieldIdOf(definitions, key), value]);
  return {
    ...(externalId !== undefined && { externalId }),
    ...(importCustomerId !== undefined && { importCustomerId }),
    ...(bookerId !== undefined && { bookerId }),
    ...(tagIds && { tags: tagIds.map((id) => ({ id, name: nameOf(id) })) }),
    ...(values && { fields: Object.fromEntries(fields) }),
  };
}
