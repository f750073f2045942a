import type { FieldType } from "@clientele/contract/custom-fields";
import { fieldTypeRules } from "../field-types.ts";

/** A stored text as a person writes it: a phone number is its international form (E.164). */
export const writtenText = (type: FieldType, stored: string): string =>
  fieldTypeRules[type].stored === "phone" ? (JSON.parse(stored) as { phone: string }).phone : stored;
