import { normalized } from "../../text/normalize.ts";

/** One of the things that a cell can choose, and what it is called. */
export type Choice = { value: string; name: string };

/** Upper and lower case alike. By way of upper case, for `ß` is written `SS` there. */
export const caseless = (text: string): string => normalized(text).toUpperCase().toLowerCase();

/**
 * Finds the value that a text means: one that is written so, else one that is called so, else either in another
 * case. Null when several are as likely, undefined when none is.
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

/** What each text stands for: null when that is several values. */
function tally(entries: readonly (readonly [string, string])[]): Map<string, string | null> {
  const values = new Map<string, string | null>();
  for (const [text, value] of entries) {
    const before = values.get(text);
    values.set(text, before === undefined || before === value ? value : null);
  }
  return values;
}
