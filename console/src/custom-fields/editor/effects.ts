import { type Answer, ClienteleError } from "@clientele/sdk";
import type { Field } from "../definitions.ts";
import type { FieldDraft } from "./field-draft.ts";

type FieldEffect = NonNullable<Answer<"updateCustomField">["data"]["effect"]>;
type Rule = FieldEffect["breaking"][number]["rule"];

/** Customers that a change would touch: how many, and the first of them. */
export type AffectedGroup = {
  kind: Rule | "losing" | "rewritten";
  /** It cannot be done because of them. */
  isRefused: boolean;
  count: number;
  customerIds: readonly string[];
};

/** What a change of a field would do to customers. */
export type Effects = {
  affected: readonly AffectedGroup[];
  /** Options that are no longer offered, and how many customers have them. */
  removedOptions: readonly { label: string; count: number }[];
};

/** What customers would notice of a change; null when that is nothing. */
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

/** The customers for whom a change was refused; null when it was refused for something else. */
export function effectsOfRefusal(error: unknown): Effects | null {
  if (!(error instanceof ClienteleError) || error.code !== "FIELD_RULE_BROKEN") return null;
  const group = error.extras as { count: number; customerIds: string[] };
  const kind = ruleByPath[error.fieldErrors[0]?.path ?? ""] ?? "type";
  return { affected: [{ kind, isRefused: true, ...group }], removedOptions: [] };
}
