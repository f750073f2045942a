import type { FieldType } from "@clientele/contract/custom-fields";
import { defaultFields } from "../custom-fields/default-fields.ts";
import type { Definitions, Field } from "../custom-fields/definitions.ts";
import { newField } from "../custom-fields/plan-field.ts";
import { fieldKeyOf } from "../custom-fields/values/field-key.ts";

/** A field without a database. */
export type FieldSketch = Partial<Field> & { label: string; type?: FieldType };

/** The definitions of an enterprise with the default fields and these, without a database. */
export function definitionsWith(
  own: readonly FieldSketch[] = [],
  tags: Record<string, string> = {},
): Definitions {
  const fields = [
    ...defaultFields.map(({ defaultId, type, label, options = [] }) => ({
      defaultId,
      type,
      label,
      selectOptions: options.map(([value, name]) => optionOf(value, name)),
    })),
    ...own,
  ].map(fieldOf);
  return {
    revision: 1,
    fields,
    byId: new Map(fields.map((field) => [field.id, field])),
    byKey: new Map(fields.map((field) => [field.key, field])),
    byDefaultId: new Map(
      fields.filter((field) => field.defaultId !== "").map((field) => [field.defaultId, field]),
    ),
    byLabel: new Map(fields.map((field) => [field.label, field])),
    deletedFieldIds: new Map(),
    tagNames: new Map(Object.entries(tags)),
  };
}

/** An active option; its label defaults to its value. */
export const optionOf = (value: string, label = value): Field["selectOptions"][number] => ({
  id: "000000000000000000000000",
  value,
  label,
  orderIndex: 0,
  isActive: true,
});

function fieldOf(sketch: FieldSketch, position: number): Field {
  const type = sketch.type ?? "TEXT";
  return {
    ...newField(`${position}`.padStart(24, "f"), type),
    number: position + 1,
    key: fieldKeyOf(position + 1),
    version: 1,
    createdAt: new Date(0),
    updatedAt: new Date(0),
    isMultiple: type === "MULTI_SELECT",
    pattern: null,
    position,
    ...sketch,
  };
}
