import type { FieldKey } from "../custom-fields/values/field-key.ts";
import type { StoredValue } from "../custom-fields/values/value.ts";

/** Field key to value; an empty field is absent. */
export type Values = Readonly<Record<FieldKey, Exclude<StoredValue, null>>>;
