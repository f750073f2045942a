// biome-ignore-all lint/style/noNonNullAssertion: rows have the columns of their statement, and a check for each value would show in every list.
import {
  type BookingAttribute,
  bookingAttributes,
  type CustomerAttribute,
  customerAttributes,
} from "@clientele/contract/customers";
import { timestampOf } from "@clientele/contract/formats";
import type { Definitions, Field } from "../custom-fields/definitions.ts";
import { timeOfId } from "../ids/new-id.ts";
import { fieldPositions, readValuesText } from "./values-text.ts";

/**
 * A row as the store selects it, in PostgreSQL's text format: id, external id, values, tag ids, total
 * bookings, updated, version; then the start of the first and of the last booking where requested.
 */
export type CustomerRow = (string | null)[];

export type ListedAttribute = CustomerAttribute | BookingAttribute;
const bookingNames = Object.keys(bookingAttributes) as BookingAttribute[];

/** Whether rows have the two columns for booking times. */
export const showsBookings = ({ attributes }: Projection): boolean =>
  attributes !== null && bookingNames.some((name) => attributes.has(name));

/** The attributes and fields to serialize; null means all, without booking times. */
export type Projection = {
  attributes: ReadonlySet<ListedAttribute> | null;
  fieldIds: ReadonlySet<string> | null;
};

export const allAttributes: Projection = { attributes: null, fieldIds: null };

type Slots = (string | undefined)[];

/**
 * Returns a serializer from a row to the customer's JSON. It copies PostgreSQL's jsonb text instead of
 * parsing and stringifying it, which would dominate the time of a long list.
 */
export function customerSerializer(
  definitions: Definitions,
  projection: Projection,
): (row: CustomerRow) => string {
  const { fields } = definitions;
  const positions = fieldPositions(fields);
  const frames = fields.map(frameOf);
  const separator = separatorsOf(frames);
  const position = (defaultId: string) => definitions.byDefaultId.get(defaultId)?.position ?? -1;
  const at = {
    firstName: position("firstName"),
    lastName: position("lastName"),
    companyName: position("companyName"),
    email: position("email"),
    mobilePhone: position("mobilePhone"),
    landlinePhone: position("landlinePhone"),
  };
  const shown = fields.map(({ id }) => projection.fieldIds === null || projection.fieldIds.has(id));
  const slots: Slots = new Array(fields.length);

  const write: Record<ListedAttribute, string | ((row: CustomerRow) => string)> = {
    id: (row) => `"${row[0]}"`,
    externalId: (row) => JSON.stringify(row[1] ?? ""),
    globalId: "null",
    firstName: () => slots[at.firstName] ?? '""',
    lastName: () => slots[at.lastName] ?? '""',
    fullName: () => `"${fullName(unquoted(slots[at.firstName]), unquoted(slots[at.lastName]))}"`,
    companyName: () => slots[at.companyName] ?? '""',
    email: () => slots[at.email] ?? '""',
    phone: () => phone(slots[at.mobilePhone] ?? slots[at.landlinePhone]),
    tags: (row) => tags(row[3]!, definitions.tagNames),
    totalBookings: (row) => row[4]!,
    avatarUrl: '""',
    firstLetters: () => firstLetters(slots[at.firstName], slots[at.lastName]),
    fields: () => {
      let text = "";
      let before = -1;
      for (let index = 0; index < frames.length; index++) {
        const value = slots[index];
        if (value === undefined || !shown[index]) continue;
        text += separator(before, index) + frames[index]!.shownValue(value);
        before = index;
      }
      return before === -1 ? "[]" : `${text}${frames[before]!.tail}]`;
    },
    createdAt: (row) => `"${timestampOf(timeOfId(row[0]!))}"`,
    updatedAt: (row) => `"${wireTime(row[5]!)}"`,
    ts: (row) => secondsOf(row[5]!),
    firstBookingAt: (row) => timeOrNull(row[7]),
    lastBookingAt: (row) => timeOrNull(row[8]),
  };
  const attributeNames = Object.keys(customerAttributes) as CustomerAttribute[];
  const names =
    projection.attributes === null
      ? attributeNames
      : [...attributeNames, ...bookingNames].filter((name) => projection.attributes?.has(name));
  // Constant text is merged into one string per gap: fewer parts concatenate faster.
  const parts: { head: string; write: (row: CustomerRow) => string }[] = [];
  let head = "{";
  for (const name of names) {
    head += `${name === names[0] ? "" : ","}${JSON.stringify(name)}:`;
    const renderer = write[name];
    if (typeof renderer === "string") head += renderer;
    else {
      parts.push({ head: flattened(head), write: renderer });
      head = "";
    }
  }
  const end = flattened(`${head}}`);

  return (row) => {
    slots.fill(undefined);
    readValuesText(row[2]!, positions, slots);
    let text = "";
    for (const part of parts) text += part.head + part.write(row);
    return text + end;
  };
}

/** The JSON of a field before and after its value. */
type FieldFrame = { head: string; shownValue: (value: string) => string; tail: string };

function frameOf({ id, type, isMultiple, defaultId, label }: Field): FieldFrame {
  const shownLabel = defaultId === "" ? label : "";
  const head = `{"id":"${id}","type":"${type}","value":`;
  const tail = `,"isMultiple":${isMultiple},"defaultId":${JSON.stringify(defaultId)},"label":${JSON.stringify(shownLabel)}}`;
  if (!isMultiple) return { head, shownValue: (value) => value, tail: `,"values":[]${tail}` };
  const shownValue = (values: string) => {
    const compact = JSON.stringify(JSON.parse(values));
    return `${JSON.stringify(compact)},"values":${compact}`;
  };
  return { head, shownValue, tail };
}

/**
 * Flattens a concatenated string. V8 keeps a concatenation as a tree of its parts and walks it again each
 * time it is part of another.
 */
const flattened = (text: string): string => Buffer.from(text).toString();

/** The text between the values of two fields, cached per pair; -1 is the start. */
function separatorsOf(frames: readonly FieldFrame[]): (before: number, index: number) => string {
  const separators: (string | undefined)[] = new Array((frames.length + 1) * frames.length);
  return (before, index) => {
    const slot = (before + 1) * frames.length + index;
    const cached = separators[slot];
    if (cached !== undefined) return cached;
    const separator = flattened((before === -1 ? "[" : `${frames[before]!.tail},`) + frames[index]!.head);
    separators[slot] = separator;
    return separator;
  };
}

const unquoted = (text: string | undefined): string => (text === undefined ? "" : text.slice(1, -1));

const fullName = (first: string, last: string): string =>
  first !== "" && last !== "" ? `${first} ${last}` : first + last;

function firstLetters(first: string | undefined, last: string | undefined): string {
  const [one, other] = [initialOf(first), initialOf(last)];
  return JSON.stringify(one === other ? one : one + other);
}

const asciiLetter = /^"[A-Za-z]/;

function initialOf(name: string | undefined): string {
  if (name === undefined) return "";
  if (asciiLetter.test(name)) return name[1]!.toUpperCase();
  const [initial = ""] = JSON.parse(name) as string;
  return initial.toUpperCase();
}

/**
 * The phone of a stored value, whose text is always `{"country":…,"number":…,"phone":…,"prefix":…}`, quoted.
 */
function phone(stored: string | undefined): string {
  if (stored === undefined) return "{}";
  const country = readQuoted(stored, phoneParts.country, 0);
  const number = readQuoted(stored, phoneParts.number, country.end);
  const e164 = readQuoted(stored, phoneParts.phone, number.end);
  return `{"phone":"${e164.text}","number":"${number.text}","code":"${country.text}"}`;
}

const phoneParts = {
  country: '"{\\"country\\":\\"',
  number: '\\",\\"number\\":\\"',
  phone: '\\",\\"phone\\":\\"',
};

/** The text between `opening`, which starts at `at`, and the next quote. */
function readQuoted(stored: string, opening: string, at: number): { text: string; end: number } {
  const start = at + opening.length;
  const end = stored.indexOf("\\", start);
  return { text: stored.slice(start, end), end };
}

function tags(ids: string, names: ReadonlyMap<string, string>): string {
  if (ids === "{}") return "[]";
  const written = ids
    .slice(1, -1)
    .split(",")
    .flatMap((id) => {
      const name = names.get(id);
      return name === undefined ? [] : [`{"id":"${id}","name":${JSON.stringify(name)}}`];
    });
  return `[${written.join(",")}]`;
}

/** `2026-01-31 12:00:00+00` as `2026-01-31T12:00:00Z`. */
export const wireTime = (text: string): string => `${text.slice(0, 10)}T${text.slice(11, 19)}Z`;

const timeOrNull = (text: string | null | undefined): string =>
  text === null || text === undefined ? "null" : `"${wireTime(text)}"`;

// Rows written together share a time and are often neighbours, so the last conversion is cached.
let lastTime = "";
let lastSeconds = "";

function secondsOf(text: string): string {
  if (text !== lastTime) {
    lastTime = text;
    lastSeconds = String(Date.parse(wireTime(text)) / 1000);
  }
  return lastSeconds;
}
