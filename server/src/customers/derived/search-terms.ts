import type { Field } from "../../custom-fields/definitions.ts";
import { cut, fold, foldSpelledOut } from "../../text/fold.ts";

/**
 * Words a customer is found by. A search finds the customers that have, for each of its words, a word that starts
 * with it. Phones are kept three ways, each under a mark of its own: `+` international, `0` national with its zero,
 * and `<` the digits backwards, so that last digits are a start too.
 */
const wordsMax = 400;
const wordLengthMax = 60;
// Marks belong to the letters they stand on: in Indic scripts they are its vowels.
const word = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;
const outside = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}\p{M}]+$/gu;

export function wordsOf(texts: readonly { field: Field | null; text: string }[]): Set<string> {
  const words = new Set<string>();
  for (const { field, text } of texts) {
    for (const found of field?.type === "PHONE" ? phoneWords(text) : textWords(text)) {
      // A long note is found by its first words, or it would be most of the index.
      if (words.size === wordsMax) return words;
      words.add(cut(found, wordLengthMax));
    }
  }
  return words;
}

/**
 * What stands between white space, from each of its words to its end: `anna@example.com` is found by
 * `anna@ex` and by `example.com`.
 */
function* textWords(text: string): Generator<string> {
  for (const [run] of text.matchAll(/\S+/gu)) {
    const inner = run.replace(outside, "");
    for (const { index } of inner.matchAll(word)) {
      const rest = cut(inner.slice(index, index + 4 * wordLengthMax), 2 * wordLengthMax);
      yield fold(rest);
      yield foldSpelledOut(rest);
    }
  }
}

function* phoneWords(stored: string): Generator<string> {
  const { phone, number } = JSON.parse(stored) as { phone: string; number: string };
  yield phone;
  yield `0${number}`;
  yield number;
  yield `<${backwards(phone.slice(1))}`;
}

const backwards = (digits: string): string => [...digits].reverse().join("");

/** What is sought for one word of a search: any of these, each of them words that are all there. */
export type Sought = readonly (readonly string[])[];

const soughtWordsMax = 20;
const phoneLike = /^[+(]*\d[\d()/.-]*$/;
const phoneDigitsMin = 3;

/** The words of a search. What looks like a phone is taken as one, with its spaces; it may be words all the same. */
export function soughtWords(q: string): Sought[] {
  const words = q
    .split(/\s+/u)
    .filter((term) => /[\p{L}\p{N}]/u.test(term))
    .slice(0, soughtWordsMax);
  const sought: Sought[] = [];
  for (let at = 0; at < words.length; ) {
    let end = at;
    while (end < words.length && phoneLike.test(words[end]!)) end++;
    if (end === at) sought.push(spellings(words[at++]!));
    else {
      sought.push(...soughtNumbers(words.slice(at, end)));
      at = end;
    }
  }
  return sought;
}

const spellings = (text: string): Sought => {
  const inner = text.replace(outside, "");
  return [...new Set([fold(inner), foldSpelledOut(inner)])].map((spelling) => [cut(spelling, wordLengthMax)]);
};

/** Words that could be one phone: it, or each of them for itself. */
function soughtNumbers(words: readonly string[]): Sought[] {
  const written = words.join(" ");
  const each = words.map(spellings);
  const phone = soughtPhone(written).map((term) => [term]);
  if (/^[+(]/.test(written)) return [phone];
  if (written.replace(/\D/g, "").length < phoneDigitsMin) return each;
  // Figures are spelled one way only.
  return [[...phone, each.map(([spelling]) => spelling![0]!)]];
}

/** A phone as people write it: `+49 123…`, `+49 (0) 123…`, `0049 123…`, `0123…`, `(0123) …`, or its last digits. */
function soughtPhone(written: string): string[] {
  const digits = written.replace("(0)", "").replace(/\D/g, "");
  const international = written.startsWith("+") ? digits : /^00(\d+)/.exec(digits)?.[1];
  if (international !== undefined) {
    // A zero behind the country's code is not dialled, save in Italy.
    const undialled = [1, 2, 3].filter((length) => international[length] === "0");
    return [
      `+${international}`,
      ...undialled.map((length) => `+${international.slice(0, length)}${international.slice(length + 1)}`),
    ];
  }
  return [digits, `+${digits}`, `<${backwards(digits)}`];
}
