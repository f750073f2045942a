import { type FieldType, fieldTypes } from "@clientele/contract/custom-fields";
import { bodyError, type ErrorCode, type FieldError } from "@clientele/contract/errors";
import { type Reason, reason } from "@clientele/contract/field-errors";
import type { Definitions } from "../../custom-fields/definitions.ts";
import { rowAttributes } from "../../tables/attributes.ts";
import { unstorableReason } from "../../tables/cell.ts";
import type { Meaning, Target } from "../../tables/heading-meaning.ts";
import { headingKey, headingText } from "../../tables/heading-text.ts";
import { normalized } from "../../text/normalize.ts";
import { required } from "../../validation/required.ts";

/**
 * The caller's mapping from a heading, or `#3` for the third column, to a target: the name of an attribute or a field,
 * null to leave the column out, or `{create: {label, type}}` for a new field (default: TEXT, labelled like the column).
 */
export type Mapping = Readonly<Record<string, unknown>>;

type MappedColumn = { index: number; target: Target };

const labelLengthMax = 255;

/** The columns that a mapping names. `texts` are the normalized headings. */
export function readMapping(
  definitions: Definitions,
  meaningOf: (text: string) => Meaning | null,
  texts: readonly string[],
  given: Mapping,
  fieldErrors: FieldError[],
): MappedColumn[] {
  const columns = new Map<number, MappedColumn>();
  for (const [name, wanted] of Object.entries(given)) {
    const refuse = (why: Reason, code: ErrorCode = "REQUEST_INVALID") => {
      fieldErrors.push(bodyError(name, code, why));
      return null;
    };
    const indexes = indexesOf(texts, name);
    const [index] = indexes;
    if (index === undefined) {
      const all = texts.map((text, at) => (text === "" ? `#${at + 1}` : text));
      refuse(reason("COLUMN_UNKNOWN", { columns: all }));
    } else if (indexes.length > 1) {
      refuse(reason("COLUMN_AMBIGUOUS", { columns: indexes.map((at) => `#${at + 1}`) }));
    } else if (columns.has(index)) {
      refuse(reason("COLUMN_REPEATED"));
    } else {
      const target = targetOf(wanted, required(texts[index], "the heading"), refuse);
      if (target) columns.set(index, { index, target });
    }
  }
  return [...columns.values()];

  function targetOf(
    wanted: unknown,
    text: string,
    refuse: (why: Reason, code?: ErrorCode) => null,
  ): Target | null {
    if (wanted === null) return { kind: "ignored", because: "asked" };
    if (typeof wanted === "string") {
      const name = normalized(wanted);
      const target = name === "" ? null : (meaningOf(name)?.target ?? null);
      if (target?.kind === "ignored") return refuse(reason("COLUMN_READ_ONLY", { name: wanted }));
      const allowed = [...rowAttributes, ...definitions.fields.map(({ label }) => label)];
      const unknown = reason("COLUMN_FIELD_UNKNOWN", { name: wanted, fields: allowed });
      return target ?? refuse(unknown, "FIELD_UNKNOWN");
    }
    const create = readCreate(wanted);
    if (!create) return refuse(reason("MAPPING_TARGET_INVALID"));
    const type = (create.type ?? "TEXT") as FieldType;
    const label = normalized(create.label ?? text);
    if (label === "") return refuse(reason("COLUMN_WITHOUT_HEADING"));
    if (label.length > labelLengthMax)
      return refuse(reason("COLUMN_LABEL_TOO_LONG", { max: labelLengthMax }));
    const unstorable = unstorableReason(label);
    if (unstorable !== null) return refuse(unstorable);
    if (!fieldTypes.includes(type)) return refuse(reason("COLUMN_TYPE_UNKNOWN", { types: fieldTypes }));
    if (type === "SELECT" || type === "MULTI_SELECT") return refuse(reason("COLUMN_NEEDS_OPTIONS", { type }));
    const existing = definitions.byLabel.get(label);
    if (!existing) return { kind: "create", label, type };
    // An earlier run of this mapping created the field.
    return create.type === undefined || existing.type === type
      ? { kind: "field", field: existing }
      : refuse(reason("COLUMN_OF_OTHER_TYPE", { label, type: existing.type }), "NAME_TAKEN");
  }
}

function readCreate(wanted: unknown): { label?: string; type?: string } | null {
  if (!isObjectOf(wanted, ["create"]) || !isObjectOf(wanted["create"], ["label", "type"])) return null;
  const { create } = wanted;
  return Object.values(create).every((value) => typeof value === "string") ? create : null;
}

const isObjectOf = (value: unknown, names: readonly string[]): value is Record<string, unknown> =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  Object.keys(value).every((name) => names.includes(name));

/** The columns with this heading, exactly or else similarly; or at this position. */
function indexesOf(texts: readonly string[], name: string): number[] {
  const where = (isMeant: (text: string) => boolean) =>
    [...texts.keys()].filter(
      (index) => texts[index] !== "" && isMeant(required(texts[index], "the heading")),
    );
  const exact = where((text) => text === headingText(name));
  if (exact.length > 0) return exact;
  const place = /^#([1-9]\d{0,5})$/.exec(name)?.[1];
  if (place !== undefined) return Number(place) <= texts.length ? [Number(place) - 1] : [];
  const key = headingKey(headingText(name));
  return where((text) => headingKey(text) === key);
}
