import { timestampOf } from "@clientele/contract/formats";
import type { StoredChange } from "./changes.ts";

type AnswerDiff = { attribute: string; label: string; before: unknown; after: unknown };

/** A change as the wire has it; what it changed is told by the record's own domain. */
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

/** One entry for each attribute that differs, by its own name. What is unset is null. */
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
