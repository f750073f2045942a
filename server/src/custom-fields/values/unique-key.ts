import { createHash } from "node:crypto";
import type { Field } from "../definitions.ts";
import { fieldTypeRules } from "../field-types.ts";
import type { StoredValue } from "./value.ts";
import { writtenText } from "./written-text.ts";

// Index entries are limited in size, and values are compared whole: longer keys are hashed.
const keyLengthMax = 200;

/** The key that must be unique: e-mail in lower case, a phone as E.164. Null when empty. */
export function uniqueKey(
  field: Pick<Field, "isUnique" | "type">,
  value: StoredValue | undefined,
): string | null {
  if (!field.isUnique || typeof value !== "string") return null;
  return keyOf(field.type, value);
}

function keyOf(type: Field["type"], value: string): string {
  const text = writtenText(type, value);
  const key = fieldTypeRules[type].ignoresCase ? text.toLowerCase() : text;
  return key.length <= keyLengthMax ? key : `sha256:${createHash("sha256").update(key).digest("base64url")}`;
}
