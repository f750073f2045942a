import type { Definitions, Field } from "../../custom-fields/definitions.ts";
import { fieldTypeRules } from "../../custom-fields/field-types.ts";
import { sortKey } from "../../text/fold.ts";
import type { Values } from "../values.ts";
import { searchTermsOf } from "./search-terms.ts";

/** The sort keys and search terms of a customer. */
export type Derived = {
  firstNameKey: string;
  lastNameKey: string;
  companyNameKey: string;
  emailKey: string;
  searchWords: string[];
};

/** The text of a default field, `""` when empty. */
export function textOf(definitions: Definitions, values: Values, defaultId: string): string {
  const field = definitions.byDefaultId.get(defaultId);
  const value = field && values[field.key];
  return typeof value === "string" ? value : "";
}

/**
 * Prefix of every search term: one index holds the terms of all enterprises, and a search must scan only
 * those of its own. Three characters for 18 of the id's random bits; more would be stored with every term.
 */
export const searchTermPrefix = (enterpriseId: string): string =>
  Buffer.from(enterpriseId.slice(-6), "hex").toString("base64url").slice(-3);

const alwaysSearched = new Set([
  "firstName",
  "lastName",
  "companyName",
  "email",
  "mobilePhone",
  "landlinePhone",
]);

/** Whether search covers the field. */
export const isSearched = (field: Pick<Field, "isSearchable" | "defaultId" | "type">): boolean =>
  field.isSearchable || alwaysSearched.has(field.defaultId) || fieldTypeRules[field.type].stored === "phone";

export function derive(
  enterpriseId: string,
  definitions: Definitions,
  values: Values,
  externalId: string | null,
): Derived {
  const textsIn = (field: Field) => {
    const value = values[field.key] ?? [];
    return (typeof value === "string" ? [value] : value).map((text) => ({ field, text }));
  };
  const searchedFields = definitions.fields.filter(isSearched);
  const prefix = searchTermPrefix(enterpriseId);
  const isLong = ({ type }: Field) => fieldTypeRules[type].isLong === true;
  // The number of terms is limited, so long texts come last.
  const texts = [
    ...(externalId === null ? [] : [{ field: null, text: externalId }]),
    ...searchedFields.filter((field) => !isLong(field)).flatMap(textsIn),
    ...searchedFields.filter(isLong).flatMap(textsIn),
  ];
  return {
    firstNameKey: sortKey(textOf(definitions, values, "firstName")),
    lastNameKey: sortKey(textOf(definitions, values, "lastName")),
    companyNameKey: sortKey(textOf(definitions, values, "companyName")),
    emailKey: sortKey(textOf(definitions, values, "email")),
    searchWords: [...searchTermsOf(texts)].map((word) => prefix + word),
  };
}
