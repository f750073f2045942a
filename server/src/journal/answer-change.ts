import { timestampOf } from "@clientele/contract/formats";
import type { StoredChange } from "./changes.ts";

type AnswerDiff = { attribute: string; label: string; before: unknown; after: unknown };

/** A change as on the wire; the record's own domain renders what changed. */
export const answerChange = (change: StoredChange<unknown>, changes: readonly AnswerDiff[]) => ({
  id: change.id,
  at: timestampOf(change.at),
  kind: change.kind,
  reason: change.reason,
  version: change.version,
  appId: change.appId,
  appName: change.appName,
  personId: change.personId,
  personName: change.personName,
  companyId: change.companyId,
  importId: change.importId,
  importLine: change.importLine,
  requestId: change.requestId,
  changes: [...changes],
});

/** One entry per changed attribute, by its wire name. Unset values are null. */
export function attributeChanges({ before, after }: StoredChange<Record<string, unknown>>): AnswerDiff[] {
  const names = Object.keys({ ...before, ...after });
  return names
    .map((attribute) => ({
      attribute,
      label: "",
      before: setOrNull(before?.[attribute]),
      after: setOrNull(after?.[attribute]),
    }))
    .filter((told) => told.before !== null || told.after !== null);
}

const setOrNull = (value: unknown): unknown => (value === "" || value === undefined ? null : value);
