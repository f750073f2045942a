import type { Definitions, Field } from "../../custom-fields/definitions.ts";
import type { StoredValue } from "../../custom-fields/values/value.ts";
import { sortKey } from "../../text/fold.ts";
import { wordsOf } from "./search-terms.ts";

/** What a customer has: field id to value. Absent is no value. */
export type Values = Readonly<Record<string, Exclude<StoredValue, null>>>;

/** What lists sort and search by, all of it derived here and nowhere else. */
export type Derived = {
  firstNameKey: string;
  lastNameKey: string;
  companyNameKey: string;
  emailKey: string;
  searchWords: string[];
};

/** The text of a default field, `""` when unset. */
export function textOf(definitions: Definitions, values: Values, defaultId: string): string {
  const field = definitions.byDefaultId.get(defaultId);
  const value = field && values[field.id];
  return typeof value === "string" ? value : "";
}

/**
 * In front of every search word: one index holds the words of all enterprises, and a search must not leaf through
 * those of others.
 */
export const searchMark = (enterpriseId: string): string => enterpriseId.slice(-6);

const alwaysSearched = new Set([
  "firstName",
  "lastName",
  "companyName",
  "email",
  "mobilePhone",
  "landlinePhone",
]);

/** Whether customers are found by what they have in the field. */
export const isSearched = (field: Pick<Field, "isSearchable" | "defaultId" | "type">): boolean =>
  field.isSearchable || alwaysSearched.has(field.defaultId) || field.type === "PHONE";

export function derive(
  enterpriseId: string,
  definitions: Definitions,
  values: Values,
  externalId: string | null,
): Derived {
  const textsIn = (field: Field) => {
    const value = values[field.id] ?? [];
    return (typeof value === "string" ? [value] : value).map((text) => ({ field, text }));
  };
  const searched = definitions.fields.filter(isSearched);
  const isLong = ({ type }: Field) => type === "TEXTAREA";
  // There is room for so many words: long texts come last, for what there is room left.
  const texts = [
    ...(externalId === null ? [] : [{ field: null, text: externalId }]),
    ...searched.filter((field) => !isLong(field)).flatMap(textsIn),
    ...searched.filter(isLong).flatMap(textsIn),
  ];
  return {
    firstNameKey: sortKey(textOf(definitions, values, "firstName")),
    lastNameKey: sortKey(textOf(definitions, values, "lastName")),
    companyNameKey: sortKey(textOf(definitions, values, "companyName")),
    emailKey: sortKey(textOf(definitions, values, "email")),
    searchWords: [...wordsOf(texts)].map((word) => searchMark(enterpriseId) + word),
  };
}
