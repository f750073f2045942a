// biome-ignore-all lint/style/noNonNullAssertion: a check for each value would show in every list.
import type { Values } from "./values.ts";

// The text of a customer's values as PostgreSQL prints jsonb: `{"1": "…", "12": ["…"]}`. Its keys are field numbers.

/** The position of each field in the definitions, by its number; -1 for deleted fields. */
export type FieldPositions = Int16Array;

export function fieldPositions(fields: readonly { number: number; position: number }[]): FieldPositions {
  const numbers = fields.map(({ number }) => number);
  const positions = new Int16Array(Math.max(0, ...numbers) + 1).fill(-1);
  for (const { number, position } of fields) positions[number] = position;
  return positions;
}

/**
 * Splits the text into values, each still JSON, and stores them in `slots` at the position of their field. Skips values
 * of deleted fields. One pass; parsing the text would take most of the time of a long list.
 */
export function readValuesText(text: string, positions: FieldPositions, slots: (string | undefined)[]): void {
  let at = 1;
  while (text.charCodeAt(at) === quote) {
    let number = 0;
    for (let code = text.charCodeAt(++at); code !== quote; code = text.charCodeAt(++at))
      number = 10 * number + code - zero;
    const start = at + 3;
    const end = text.charCodeAt(start) === quote ? endOfString(text, start) : endOfList(text, start);
    if (number < positions.length && positions[number]! >= 0)
      slots[positions[number]!] = text.slice(start, end);
    at = end + 2;
  }
}

/** The text of values that do not come from the database. */
export const valuesTextOf = (values: Values): string =>
  `{${Object.entries(values)
    .map(([key, value]) => `"${key}": ${JSON.stringify(value)}`)
    .join(", ")}}`;

const zero = 0x30;
const quote = 0x22;
const backslash = 0x5c;

/** The index after the closing quote of the string that opens at `start`. */
function endOfString(json: string, start: number): number {
  for (let at = start + 1; ; at++) {
    at = json.indexOf('"', at);
    if (at === -1) throw new Error("A stored value is neither a text nor a list of texts.");
    let slashes = 0;
    while (json.charCodeAt(at - 1 - slashes) === backslash) slashes++;
    if (slashes % 2 === 0) return at + 1;
  }
}

function endOfList(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== "]") at = json.charCodeAt(at) === quote ? endOfString(json, at) : at + 1;
  return at + 1;
}
