import type { Field } from "../../../custom-fields/definitions.ts";
import type { FieldErrors } from "../../../errors/field-errors.ts";
import type { Customer } from "../customer-query.ts";

/** Unsaved values by field id, `externalId` or `tags` (names). */
export type Draft = Readonly<Record<string, Value>>;
export type Value = string | string[];

export const externalIdKey = "externalId";
export const tagsKey = "tags";

export const blankCustomer: Pick<Customer, "externalId" | "tags" | "fields"> = {
  externalId: "",
  tags: [],
  fields: [],
};

export function valueIn({ externalId, tags, fields }: typeof blankCustomer, key: string): Value {
  if (key === externalIdKey) return externalId;
  if (key === tagsKey) return tags.map(({ name }) => name);
  const field = fields.find(({ id }) => id === key);
  if (field === undefined) return "";
  return field.isMultiple ? field.values : field.value;
}

/** Empty text and an empty list are equal. */
const isSameValue = (one: Value, other: Value): boolean =>
  one.length === 0 || other.length === 0
    ? one.length === other.length
    : JSON.stringify(one) === JSON.stringify(other);

/** The draft with one more value; a value equal to the saved one is removed. */
export function withEntry(draft: Draft, key: string, value: Value, read: Value): Draft {
  const { [key]: _, ...others } = draft;
  return isSameValue(value, read) ? others : { ...others, [key]: value };
}

/** The request body, and the field ids in the order of `customfields`, which error paths refer to by index. */
export function bodyOf(draft: Draft, fields: readonly Field[], tagIds: readonly string[] | undefined) {
  const written = fields.filter(({ id }) => id in draft);
  const externalId = draft[externalIdKey];
  return {
    fieldIds: written.map(({ id }) => id),
    body: {
      customfields: written.map(({ id, isMultiple }) => {
        const value = draft[id]!;
        return isMultiple ? { id, values: [...value] } : { id, value: value as string };
      }),
      ...(externalId === undefined ? {} : { external_id: externalId as string }),
      ...(tagIds === undefined ? {} : { tag_ids: [...tagIds] }),
    },
  };
}

/** Errors by draft key; `""` for those that belong to no input. */
export function errorsByKey(fieldErrors: FieldErrors, fieldIds: readonly string[]): FieldErrors {
  return Object.fromEntries(
    Object.entries(fieldErrors).map(([path, error]) => [keyAt(path.split("."), fieldIds), error]),
  );
}

function keyAt([attribute, entry]: string[], fieldIds: readonly string[]): string {
  if (attribute === "customfields") return fieldIds[Number(entry)] ?? "";
  if (attribute === "external_id") return externalIdKey;
  return attribute === "tag_ids" ? tagsKey : "";
}

/** Keys that both the draft and someone else have changed to different values. */
export const conflictsOf = (draft: Draft, read: Customer, now: Customer): string[] =>
  Object.keys(draft).filter((key) => {
    const theirs = valueIn(now, key);
    return !isSameValue(theirs, valueIn(read, key)) && !isSameValue(theirs, draft[key]!);
  });
