import { normalized } from "../../text/normalize.ts";

export type Choice = { value: string; name: string };

/** Case-folded through upper case, so that `ß` equals `SS`. */
export const caseless = (text: string): string => normalized(text).toUpperCase().toLowerCase();

/**
 * Finds the value for a text: by exact value, else exact name, else either ignoring case. Null when several match,
 * undefined when none does.
 */
export function chooser(choices: readonly Choice[]): (text: string) => string | null | undefined {
  const exact = new Map<string, string>();
  for (const { value } of choices) exact.set(value, value);
  const named = tally(choices.map(({ value, name }) => [name, value]));
  const alike = tally(
    choices.flatMap(({ value, name }) => [
      [caseless(value), value],
      [caseless(name), value],
    ]),
  );
  return (text) => {
    const found = exact.get(text) ?? named.get(text);
    return found === undefined ? alike.get(caseless(text)) : found;
  };
}

/** The value of each text, null when it has several. */
function tally(entries: readonly (readonly [string, string])[]): Map<string, string | null> {
  const values = new Map<string, string | null>();
  for (const [text, value] of entries) {
    const before = values.get(text);
    values.set(text, before === undefined || before === value ? value : null);
  }
  return values;
}
