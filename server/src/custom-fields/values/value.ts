import { type Reason, reason } from "@clientele/contract/field-errors";
import { normalized } from "../../text/normalize.ts";
import type { Field } from "../definitions.ts";
import { readPhone } from "./phone.ts";

/** A stored value: text, or a list for a MULTI_SELECT; null when empty. */
export type StoredValue = string | readonly string[] | null;

/** A value in a request: `value` is text or null, `values` the choices of a MULTI_SELECT. */
export type ValueInput = {
  value?: string | null | undefined;
  values?: readonly string[] | null | undefined;
};

export type ReadValue = { value: StoredValue } | { fieldError: Reason };

// A map, because an object has `constructor` and `__proto__`.
const checkboxValues = new Map([
  ["true", "true"],
  ["1", "true"],
  ["false", "false"],
  ["0", "false"],
]);

const lengthMax = { TEXTAREA: 100_000, TEXT: 10_000 };

/**
 * What a field stores of what was written, or what is wrong with it. `stored` is what the customer has now: an
 * option that was removed stays with those that have it, and cannot be chosen anew.
 */
export function readValue(field: Field, written: ValueInput, stored: StoredValue): ReadValue {
  if (field.isMultiple) return readChoices(field, written, stored);
  if (written.values !== undefined && written.values !== null) {
    return { fieldError: reason("SINGLE_VALUE_NEEDED") };
  }
  const text = normalized(written.value ?? "");
  if (text === "") return { value: null };
  const read = readSingle(field, text, stored);
  return "fieldError" in read ? read : (brokenRule(field, text) ?? read);
}

function readSingle(field: Field, text: string, stored: StoredValue): ReadValue {
  switch (field.type) {
    case "MULTI_SELECT":
      throw new Error("A MULTI_SELECT has choices.");
    case "PHONE": {
      const phone = readPhone(text);
      return "fieldError" in phone ? phone : { value: JSON.stringify(phone) };
    }
    case "EMAIL":
      return isEmail(text) ? { value: text } : { fieldError: reason("EMAIL_INVALID") };
    case "DATE":
      return isDay(text) ? { value: text } : { fieldError: reason("DATE_INVALID") };
    case "NUMBER":
      return /^-?\d{1,30}(\.\d{1,30})?$/.test(text)
        ? { value: text }
        : { fieldError: reason("NUMBER_INVALID") };
    case "CHECKBOX": {
      const value = checkboxValues.get(text);
      return value === undefined ? { fieldError: reason("CHECKBOX_INVALID") } : { value };
    }
    case "URL":
      return isUrl(text) ? { value: text } : { fieldError: reason("URL_INVALID") };
    case "SELECT":
      return text === stored || isOffered(field, text)
        ? { value: text }
        : { fieldError: notOffered(field, text) };
    case "TEXT":
    case "TEXTAREA": {
      const max = lengthMax[field.type];
      return text.length <= max ? { value: text } : { fieldError: reason("TOO_LONG", { max }) };
    }
  }
}

function readChoices(field: Field, { value, values }: ValueInput, stored: StoredValue): ReadValue {
  let chosen: unknown = values;
  if (chosen === undefined || chosen === null) {
    const text = normalized(value ?? "");
    if (text === "") return { value: null };
    try {
      chosen = JSON.parse(text);
    } catch {
      chosen = undefined;
    }
  }
  if (!Array.isArray(chosen) || !chosen.every((choice): choice is string => typeof choice === "string")) {
    return { fieldError: reason("SEVERAL_VALUES_NEEDED") };
  }
  const choices = [...new Set(chosen.map(normalized))].filter((choice) => choice !== "");
  const previous = Array.isArray(stored) ? stored : [];
  const refused = choices.find((choice) => !previous.includes(choice) && !isOffered(field, choice));
  if (refused !== undefined) return { fieldError: notOffered(field, refused) };
  return { value: choices.length === 0 ? null : choices };
}

const isOffered = (field: Field, value: string): boolean =>
  field.selectOptions.some((option) => option.isActive && option.value === value);

function notOffered(field: Field, value: string): Reason {
  const offered = field.selectOptions.filter((option) => option.isActive).map((option) => option.value);
  return reason("OPTION_UNKNOWN", { value, options: offered });
}

/** The rule of the field that a value of the right type breaks; null when it breaks none. */
function brokenRule({ type, validation, pattern }: Field, text: string): { fieldError: Reason } | null {
  const { minLength, maxLength, min, max } = validation;
  if (minLength !== undefined && characterCount(text) < minLength)
    return { fieldError: reason("TOO_SHORT", { min: minLength }) };
  if (maxLength !== undefined && characterCount(text) > maxLength)
    return { fieldError: reason("TOO_LONG", { max: maxLength }) };
  if (type === "NUMBER") {
    if (min !== undefined && Number(text) < min) return { fieldError: reason("TOO_SMALL", { min }) };
    if (max !== undefined && Number(text) > max) return { fieldError: reason("TOO_LARGE", { max }) };
  }
  if (pattern !== null && (text.length > 4_096 || !pattern.matches(text)))
    return { fieldError: reason("PATTERN_MISMATCH") };
  return null;
}

/** Length in code points, so that an emoji counts once. */
const characterCount = (text: string): number => [...text].length;

// One @, a local part, and a host with a dot. Only delivery can prove that an address exists.
const email = /^[^\s@<>,;]{1,64}@[^\s@<>,;.]+(?:\.[^\s@<>,;.]+)+$/;
const isEmail = (text: string): boolean => text.length <= 254 && email.test(text);

function isDay(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined || year === 0) return false;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

const isUrl = (text: string): boolean =>
  text.length <= 2_000 && /^https?:\/\/\S+$/i.test(text) && URL.canParse(text);
