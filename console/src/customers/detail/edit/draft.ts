import type { Field } from "../../../custom-fields/definitions.ts";
import type { Customer } from "../customer-query.ts";

/** What a person has written and not saved yet: by the id of a field, `externalId` or `tags` (names). */
export type Draft = Readonly<Record<string, Value>>;
export type Value = string | string[];

export const externalIdKey = "externalId";
export const tagsKey = "tags";

/** What a new customer begins with. */
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

/** Nothing is the same as nothing, whether it is of a list or of a text. */
const isSameValue = (one: Value, other: Value): boolean =>
  one.length === 0 || other.length === 0
    ? one.length === other.length
    : JSON.stringify(one) === JSON.stringify(other);

/** The draft with one more value; what is as it was read is no draft. */
export function withEntry(draft: Draft, key: string, value: Value, read: Value): Draft {
  const { [key]: _, ...others } = draft;
  return isSameValue(value, read) ? others : { ...others, [key]: value };
}

/** The body of a write, and the keys of its `customfields` in their order: errors name their place in it. */
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

/** What is wrong by the key of the draft that it is about, `""` for the whole. */
export function errorsByKey(
  fieldErrors: Readonly<Record<string, string>>,
  fieldIds: readonly string[],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fieldErrors).map(([path, sentence]) => [keyAt(path.split("."), fieldIds), sentence]),
  );
}

function keyAt([attribute, entry]: string[], fieldIds: readonly string[]): string {
  if (attribute === "customfields") return fieldIds[Number(entry)] ?? "";
  if (attribute === "external_id") return externalIdKey;
  return attribute === "tag_ids" ? tagsKey : "";
}

/** Whose changes meet: what the draft writes and somebody else has written otherwise since it was read. */
export const conflictsOf = (draft: Draft, read: Customer, now: Customer): string[] =>
  Object.keys(draft).filter((key) => {
    const theirs = valueIn(now, key);
    return !isSameValue(theirs, valueIn(read, key)) && !isSameValue(theirs, draft[key]!);
  });
