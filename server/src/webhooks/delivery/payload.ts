import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { timestampOf } from "@clientele/contract/formats";
import { type Definitions, fieldIdOf } from "../../custom-fields/definitions.ts";
import { type FieldKey, fieldEntriesOf } from "../../custom-fields/values/field-key.ts";
import type { FedChange } from "../../journal/feed.ts";
import { kindOf, testKind } from "../event-types.ts";
import type { NewDelivery } from "./store.ts";

type Snapshot = Record<string, unknown> | null;

/** Wire names of subjects, where they differ from the journal. */
const subjects: Partial<Record<FedChange["subject"], string>> = { custom_field: "customField" };

/** Names the record and the changed attributes but no values: receivers fetch those with permissions of their own. */
export function deliveryOf(
  definitions: Definitions,
  webhookId: string,
  id: string,
  change: FedChange,
): NewDelivery {
  const { subject, subjectId, kind, version, reason, companyId, importId } = change;
  const type = kindOf(change);
  const data = {
    id: subjectId,
    subject: subjects[subject] ?? subject,
    kind,
    version,
    reason,
    changeId: change.id,
    companyId,
    importId,
    changed: subject === "import" ? [] : changedAttributes(definitions, change.before, change.after),
    ...(subject === "import" ? { import: change.after } : {}),
  };
  return {
    id,
    messageId: messageIdOf(webhookId, change.id),
    kind: type,
    subjectId,
    changeId: change.id,
    body: bodyOf(type, change.at, data),
  };
}

export const testDelivery = (webhookId: string, id: string, now: Date): NewDelivery => ({
  id,
  messageId: messageIdOf(webhookId, id),
  kind: testKind,
  subjectId: webhookId,
  changeId: null,
  body: bodyOf(testKind, now, { id: webhookId }),
});

const bodyOf = (type: string, at: Date, data: object): string =>
  JSON.stringify({ type, timestamp: timestampOf(at), data });

/** Derived from the change, so that two processes that deliver it use the same id. */
const messageIdOf = (webhookId: string, change: string): string =>
  `msg_${createHash("sha256").update(`${webhookId}/${change}`).digest("base64url").slice(0, 27)}`;

/** The names of the attributes that differ, as in the history. */
function changedAttributes(definitions: Definitions, before: Snapshot, after: Snapshot): string[] {
  const [one, other] = [flat(definitions, before), flat(definitions, after)];
  return [...new Set([...one.keys(), ...other.keys()])].filter(
    (name) => !isDeepStrictEqual(one.get(name), other.get(name)),
  );
}

const wireNames: Record<string, string> = { tagIds: "tags" };

function flat(definitions: Definitions, snapshot: Snapshot): Map<string, unknown> {
  const attributes = Object.entries(snapshot ?? {}).flatMap(([name, value]) =>
    name === "values"
      ? fieldEntriesOf(value as Record<FieldKey, unknown>).map(
          ([key, of]) => [`fields.${fieldIdOf(definitions, key)}`, of] as const,
        )
      : [[wireNames[name] ?? name, value] as const],
  );
  return new Map(attributes.filter(([, value]) => !isUnset(value)));
}

const isUnset = (value: unknown): boolean =>
  value === null || value === "" || (Array.isArray(value) && value.length === 0);
