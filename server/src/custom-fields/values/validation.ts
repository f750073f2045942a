import type { FieldType } from "@clientele/contract/custom-fields";
import { bodyError, type FieldError } from "@clientele/contract/errors";
import { type Reason, reason } from "@clientele/contract/field-errors";
import { RE2JS } from "re2js";
import { fieldTypeRules } from "../field-types.ts";
import type { StoredField } from "../store.ts";

export type Validation = StoredField["validation"];

// Matching time grows with value length times program size: 4,096 characters and 1,000 instructions take some
// 50 ms.
const programSizeMax = 1_000;

/** The validation that a field of the type gets, or its errors. */
export function readValidation(type: FieldType, written: Validation, fieldErrors: FieldError[]): Validation {
  const refuse = (name: keyof Validation, why: Reason) =>
    fieldErrors.push(bodyError(`validation.${name}`, "REQUEST_INVALID", why));
  for (const name of Object.keys(written) as (keyof Validation)[]) {
    if (!fieldTypeRules[type].validation.includes(name))
      refuse(name, reason("VALIDATION_MEANINGLESS", { type }));
  }
  const { minLength, maxLength, min, max, pattern } = written;
  if (minLength !== undefined && maxLength !== undefined && minLength > maxLength)
    refuse("minLength", reason("ABOVE_OTHER", { other: "maxLength" }));
  if (min !== undefined && max !== undefined && min > max)
    refuse("min", reason("ABOVE_OTHER", { other: "max" }));
  const fieldError = pattern === undefined ? null : errorOfPattern(pattern);
  if (fieldError !== null) refuse("pattern", fieldError);
  return written;
}

/** The validation rules that apply to the new type. */
export const validationFor = (type: FieldType, validation: Validation): Validation =>
  Object.fromEntries(
    Object.entries(validation).filter(([name]) =>
      fieldTypeRules[type].validation.includes(name as keyof Validation),
    ),
  );

function errorOfPattern(pattern: string): Reason | null {
  try {
    const size = RE2JS.compile(pattern).programSize();
    return size <= programSizeMax ? null : reason("PATTERN_TOO_LARGE", { size, max: programSizeMax });
  } catch (error) {
    return reason("PATTERN_INVALID", { problem: (error as Error).message });
  }
}
