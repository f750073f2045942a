import { type Answer, ClienteleError } from "@clientele/sdk";
import type { Field } from "../definitions.ts";
import type { FieldDraft } from "./field-draft.ts";

type FieldEffect = NonNullable<Answer<"updateCustomField">["data"]["effect"]>;
type Rule = FieldEffect["breaking"][number]["rule"];

/** Customers affected by a change: their number and the first ids. */
export type AffectedGroup = {
  kind: Rule | "losing" | "rewritten";
  /** These customers block the change. */
  isRefused: boolean;
  count: number;
  customerIds: readonly string[];
};

export type Effects = {
  affected: readonly AffectedGroup[];
  /** Options that can no longer be selected, with the number of customers that have them. */
  removedOptions: readonly { label: string; count: number }[];
};

/** Effects of a change on customers; null without any. */
export function effectsOf(effect: FieldEffect, field: Field, draft: FieldDraft): Effects | null {
  const { losing, rewritten, breaking, options } = effect;
  const affected: AffectedGroup[] = [
    ...breaking.map(({ rule, ...group }) => ({ kind: rule, ...group })),
    { kind: "losing" as const, isRefused: false, ...losing },
    { kind: "rewritten" as const, isRefused: false, count: rewritten, customerIds: [] },
  ].filter(({ count }) => count > 0);
  const offered = new Set(draft.options.filter(({ isActive }) => isActive).map(({ id }) => id));
  const customers = new Map(options.map((option) => [option.value, option.customers]));
  const removedOptions = field.selectOptions
    .filter(({ id, isActive }) => isActive && !offered.has(id))
    .map(({ label, value }) => ({ label, count: customers.get(value) ?? 0 }));
  return affected.length === 0 && removedOptions.length === 0 ? null : { affected, removedOptions };
}

const ruleByPath: Record<string, Rule> = { is_mandatory: "mandatory", type: "type", is_unique: "unique" };

/** The customers that block a change; null if the error has another reason. */
export function effectsOfRefusal(error: unknown): Effects | null {
  if (!(error instanceof ClienteleError) || error.code !== "FIELD_RULE_BROKEN") return null;
  const group = error.extras as { count: number; customerIds: string[] };
  const kind = ruleByPath[error.fieldErrors[0]?.path ?? ""] ?? "type";
  return { affected: [{ kind, isRefused: true, ...group }], removedOptions: [] };
}
