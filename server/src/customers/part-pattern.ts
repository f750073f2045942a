import { accents, fold } from "./fold.ts";

/**
 * A pattern of PostgreSQL for texts that have a part in them, however it is spelled: `fold` the other way round. It is
 * matched on texts as they are stored, which costs a tenth of folding each of them in SQL.
 */
export function partPattern(part: string): string {
  known ??= invertedFold();
  const { spellings, longest } = known;
  const folded = fold(part);
  const either = (foldedText: string) => spellings.get(foldedText) ?? [];
  let pattern = "";
  for (let at = 0; at < folded.length; ) {
    let length = longest;
    // Letters that are taken apart when they are folded: `ß`, ligatures, syllables of Hangul.
    while (length > 1 && either(folded.slice(at, at + length)).length === 0) length--;
    const letters = [...folded.slice(at, at + length)];
    const apart = letters.map((letter) => oneOf([letter, ...either(letter)])).join("");
    const whole = letters.length > 1 ? either(folded.slice(at, at + length)) : [];
    pattern += whole.length === 0 ? apart : `(?:${apart}|${oneOf(whole)})`;
    at += letters.join("").length;
  }
  return pattern;
}

const accentsBehind = `[${accents}]*`;
const escaped = (letter: string): string => (/[\p{L}\p{N}\p{M}\s]/u.test(letter) ? letter : `\\${letter}`);
const oneOf = (letters: readonly string[]): string => `[${letters.map(escaped).join("")}]${accentsBehind}`;

type Inverted = { spellings: ReadonlyMap<string, string[]>; longest: number };
let known: Inverted | undefined;

/** What folds to a text, by that text: every character of the basic plane that does not stay as it is. */
function invertedFold(): Inverted {
  const spellings = new Map<string, string[]>();
  let longest = 1;
  for (let code = 0x41; code < 0xfffd; code++) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const letter = String.fromCharCode(code);
    const folded = fold(letter);
    if (folded === letter || folded === "" || folded.length > 4) continue;
    const others = spellings.get(folded);
    if (others) others.push(letter);
    else spellings.set(folded, [letter]);
    longest = Math.max(longest, folded.length);
  }
  return { spellings, longest };
}
