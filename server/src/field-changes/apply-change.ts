import { bodyError, Problem } from "@clientele/contract/errors";
import { type Reason, reason } from "@clientele/contract/field-errors";
import type { Call } from "../call.ts";
import type { StoredField } from "../custom-fields/change-field.ts";
import type { Definitions } from "../custom-fields/definitions.ts";
import { conversionOf } from "../custom-fields/values/convert.ts";
import { isSearched } from "../customers/derived/derive.ts";
import { required } from "../validation/required.ts";
import {
  claimUniqueValues,
  customersWithout,
  type Found,
  releaseUniqueValues,
  rewriteValues,
} from "./stored-values.ts";

/**
 * Updates the stored values after a field change. Throws FIELD_RULE_BROKEN with the customers whose values
 * break its new rules; the transaction then rolls back.
 */
export async function applyFieldChange(
  call: Call,
  definitions: Definitions,
  before: StoredField,
  renamed: ReadonlyMap<string, string>,
): Promise<void> {
  const { database } = call;
  const field = required(definitions.byId.get(before.id), "the field");
  const isRetyped = field.type !== before.type;

  if (field.isMandatory && !before.isMandatory)
    refuse(
      "is_mandatory",
      (count) => reason("STORED_WITHOUT_VALUE", { count }),
      await customersWithout(database, field.key),
    );

  const convert = conversionOf(before, field, renamed);
  const searchChanges = isSearched(field) !== isSearched(before);
  if (convert !== null || searchChanges) {
    const unreadable = await rewriteValues(call, definitions, field.key, {
      convert: convert ?? ((value) => ({ value })),
      searchChanges,
      reason: isRetyped ? "field_retyped" : "option_renamed",
    });
    refuse("type", (count) => reason("STORED_OF_OTHER_TYPE", { count, type: field.type }), unreadable);
  }

  if (field.isUnique && (isRetyped || !before.isUnique))
    refuse(
      "is_unique",
      (count) => reason("STORED_NOT_UNIQUE", { count }),
      await claimUniqueValues(database, field),
    );
  else if (before.isUnique && !field.isUnique) await releaseUniqueValues(database, field.key);
}

function refuse(path: string, why: (count: number) => Reason, { count, customerIds }: Found): void {
  if (count === 0) return;
  throw new Problem("FIELD_RULE_BROKEN", {
    fieldErrors: [bodyError(path, "FIELD_RULE_BROKEN", why(count))],
    extras: { count, customerIds },
  });
}
