declare const brand: unique symbol;

/**
 * The key of a field's value: the field's number as text. Numbers are short, unlike ids, which would be most of a
 * customer's bytes. They begin with 1 in each enterprise and are never reused, so a key in the journal still identifies
 * a deleted field. Keys are internal: the wire has ids.
 */
export type FieldKey = string & { readonly [brand]: true };

export const fieldKeyOf = (number: number): FieldKey => String(number) as FieldKey;

/** The keys of values, in the order of their numbers. */
export const fieldKeysIn = (values: Readonly<Record<FieldKey, unknown>>): FieldKey[] =>
  Object.keys(values) as FieldKey[];

/** The values with their keys, in the order of their numbers. */
export const fieldEntriesOf = <Value>(values: Readonly<Record<FieldKey, Value>>): [FieldKey, Value][] =>
  Object.entries(values) as [FieldKey, Value][];
