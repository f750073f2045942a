import type { FieldType } from "@clientele/contract/custom-fields";
import type { StoredField } from "./store.ts";

type FieldTypeRules = {
  /** The form of a stored value: text, the JSON of a phone number, or a list of chosen values. */
  stored: "text" | "phone" | "choices";
  /** How lists sort by values and compare them with bounds. Null has no bounds and sorts as text. */
  order: "day" | "number" | null;
  hasOptions: boolean;
  canBeUnique: boolean;
  /** The key that no two customers share in a unique field ignores case. */
  ignoresCase?: true;
  /** Values are indexed last for searches, as far as there is room. */
  isLong?: true;
  validation: readonly (keyof StoredField["validation"])[];
};

const text = { stored: "text", order: null, hasOptions: false, canBeUnique: true, validation: [] } as const;
const ofTexts = ["minLength", "maxLength", "pattern"] as const;

/** Everything that depends on a field's type, except how its values are read. */
export const fieldTypeRules: Readonly<Record<FieldType, FieldTypeRules>> = {
  TEXT: { ...text, validation: ofTexts },
  TEXTAREA: { ...text, validation: ofTexts, canBeUnique: false, isLong: true },
  EMAIL: { ...text, validation: ofTexts, ignoresCase: true },
  PHONE: { ...text, stored: "phone" },
  DATE: { ...text, order: "day" },
  SELECT: { ...text, hasOptions: true, canBeUnique: false },
  NUMBER: { ...text, order: "number", validation: ["min", "max"] },
  CHECKBOX: { ...text, canBeUnique: false },
  URL: { ...text, validation: ofTexts },
  MULTI_SELECT: { ...text, stored: "choices", hasOptions: true, canBeUnique: false },
};

export const isMultiple = (type: FieldType): boolean => fieldTypeRules[type].stored === "choices";
