import { createHash } from "node:crypto";
import type { Field } from "../definitions.ts";
import type { StoredValue } from "./value.ts";

// An index entry has its limit, and a value is compared whole or not at all.
const keyLengthMax = 200;

/** What no two customers may share of a unique field: e-mail without case, a phone by its E.164. Null when unset. */
export function uniqueKey(
  field: Pick<Field, "isUnique" | "type">,
  value: StoredValue | undefined,
): string | null {
  if (!field.isUnique || typeof value !== "string") return null;
  return keyOf(field.type, value);
}

function keyOf(type: Field["type"], value: string): string {
  const key =
    type === "EMAIL"
      ? value.toLowerCase()
      : type === "PHONE"
        ? (JSON.parse(value) as { phone: string }).phone
        : value;
  return key.length <= keyLengthMax ? key : `sha256:${createHash("sha256").update(key).digest("base64url")}`;
}
