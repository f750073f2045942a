import type { Field } from "../../custom-fields/definitions.ts";
import { fieldTypeRules } from "../../custom-fields/field-types.ts";
import { cut, fold, foldSpelledOut } from "../../text/fold.ts";
import { required } from "../../validation/required.ts";

/**
 * Search terms of a customer. A query matches customers that have, for each of its terms, a term that starts
 * with it. Phones are stored in three forms: `+` international, `>` national without the leading 0, and `<` with digits
 * reversed, so that a prefix search finds last digits. Each form is an index entry of some 50 bytes for its one customer,
 * so a query has alternatives for the notations with and without 0.
 */
const wordsMax = 400;
const wordLengthMax = 60;
// Combining marks belong to their letters: in Indic scripts they are the vowels.
const word = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;
const outerPunctuation = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}\p{M}]+$/gu;

export function searchTermsOf(texts: readonly { field: Field | null; text: string }[]): Set<string> {
  const words = new Set<string>();
  for (const { field, text } of texts) {
    const isPhone = field !== null && fieldTypeRules[field.type].stored === "phone";
    for (const found of isPhone ? phoneWords(text) : textWords(text)) {
      // Without the limit, long notes would be most of the index.
      if (words.size === wordsMax) return words;
      words.add(cut(found, wordLengthMax));
    }
  }
  return words;
}

/**
 * Splits at white space and yields each token from each of its words to its end: `anna@ex` and `example.com`
 * both find `anna@example.com`.
 */
function* textWords(text: string): Generator<string> {
  for (const [token] of text.matchAll(/\S+/gu)) {
    const inner = token.replace(outerPunctuation, "");
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
  yield `>${number}`;
  yield `<${reversed(phone.slice(1))}`;
}

const reversed = (digits: string): string => [...digits].reverse().join("");

/** Alternatives for one term of a query; each is a list of words that must all match, in any of their spellings. */
export type QueryTerm = readonly (readonly Spellings[])[];
type Spellings = readonly string[];

const queryTermsMax = 20;
const phoneLike = /^[+(]*\d[\d()/.-]*$/;
const phoneDigitsMin = 3;

/**
 * Parses a query into terms. A run of tokens that looks like a phone matches as one phone, or as its words.
 */
export function queryTerms(q: string): QueryTerm[] {
  const words = q
    .split(/\s+/u)
    .filter((term) => /[\p{L}\p{N}]/u.test(term))
    .slice(0, queryTermsMax);
  const terms: QueryTerm[] = [];
  for (let at = 0; at < words.length; ) {
    let end = at;
    while (end < words.length && phoneLike.test(required(words[end], "the word"))) end++;
    if (end === at) terms.push([[spellings(required(words[at++], "the next word"))]]);
    else {
      terms.push(...phoneOrWordTerms(words.slice(at, end)));
      at = end;
    }
  }
  return terms;
}

const spellings = (text: string): Spellings => {
  const inner = text.replace(outerPunctuation, "");
  return [...new Set([fold(inner), foldSpelledOut(inner)])].map((spelling) => cut(spelling, wordLengthMax));
};

/** The terms of national numbers that start with the digits, with and without a leading 0: some numbers start with 0. */
const nationalNumbers = (digits: string): Spellings => [
  `>${digits}`,
  ...(digits.startsWith("0") ? [`>${digits.slice(1)}`] : []),
];

const spellingsAndNumbers = (word: string): Spellings => {
  const all = spellings(word);
  return [...all, ...all.filter((spelling) => /^\d+$/.test(spelling)).flatMap(nationalNumbers)];
};

/** Tokens that may form one phone number: the number, or each token alone. */
function phoneOrWordTerms(words: readonly string[]): QueryTerm[] {
  const written = words.join(" ");
  const phone = [phoneSpellings(written)];
  if (/^[+(]/.test(written)) return [[phone]];
  const each = words.map(spellingsAndNumbers);
  if (written.replace(/\D/g, "").length < phoneDigitsMin) return each.map((word) => [[word]]);
  return [[phone, each]];
}

/**
 * Terms for a phone in common notations: `+49 123…`, `+49 (0) 123…`, `0049 123…`, `0123…`, `(0123) …`, or its
 * last digits.
 */
function phoneSpellings(written: string): Spellings {
  const digits = written.replace("(0)", "").replace(/\D/g, "");
  const international = written.startsWith("+") ? digits : /^00(\d+)/.exec(digits)?.[1];
  if (international !== undefined) {
    // The zero after the country code is not dialled, except in Italy.
    const undialled = [1, 2, 3].filter((length) => international[length] === "0");
    return [
      `+${international}`,
      ...undialled.map((length) => `+${international.slice(0, length)}${international.slice(length + 1)}`),
    ];
  }
  return [digits, `+${digits}`, `<${reversed(digits)}`, ...nationalNumbers(digits)];
}
