import type { Field } from "../custom-fields/definitions.ts";
import { fold, foldSpelledOut } from "./fold.ts";

/**
 * Words a customer is found by. A search finds the customers that have, for each of its words, a word that starts
 * with it. Phones are kept three ways, each under a mark of its own: `+` international, `0` national with its zero,
 * and `<` the digits backwards, so that last digits are a start too.
 */
const wordsMax = 400;
const wordLengthMax = 60;
const separators = /[^\p{L}\p{N}]+/u;

export function wordsOf(texts: readonly { field: Field | null; text: string }[]): Set<string> {
  const words = new Set<string>();
  for (const { field, text } of texts) {
    if (field?.type === "PHONE") addPhone(words, text);
    else addText(words, text);
    if (words.size >= wordsMax) break;
  }
  return words;
}

function addText(words: Set<string>, text: string): void {
  for (const word of splitWords(text)) {
    words.add(fold(word).slice(0, wordLengthMax));
    words.add(foldSpelledOut(word).slice(0, wordLengthMax));
  }
}

/** Each run between white space whole, so that `anna@example` finds `anna@example.com`, and its parts. */
function splitWords(text: string): string[] {
  return text.split(/\s+/u).flatMap((run) => {
    const parts = run.split(separators).filter((part) => part !== "");
    const whole = run.replace(/^[^\p{L}\p{N}]+/u, "");
    return parts.length > 1 ? [whole, ...parts] : parts;
  });
}

function addPhone(words: Set<string>, stored: string): void {
  const { phone, number } = JSON.parse(stored) as { phone: string; number: string };
  const international = phone.slice(1);
  words.add(`+${international}`);
  words.add(`0${number}`);
  words.add(number);
  words.add(`<${[...international].reverse().join("")}`);
}

/** One word of a search: the customer has a word that starts with any of these. */
export type SoughtWord = readonly string[];

const soughtWordsMax = 10;
const phoneLike = /^\+?[\d\s()/.-]+$/;

/** The words of a search. What looks like a phone is taken as one, with its spaces. */
export function soughtWords(q: string): SoughtWord[] {
  const text = q.trim();
  const digits = text.replace(/\D/g, "");
  if (phoneLike.test(text) && digits.length >= 3 && /[\s()/+-]/.test(text))
    return [soughtPhone(text, digits)];
  return text
    .split(/\s+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .slice(0, soughtWordsMax)
    .map(soughtWord);
}

function soughtWord(word: string): SoughtWord {
  const digits = word.replace(/\D/g, "");
  if (phoneLike.test(word) && digits.length >= 3)
    return [...new Set([...soughtPhone(word, digits), fold(word)])];
  const trimmed = word.replace(/^[^\p{L}\p{N}]+/u, "");
  return [...new Set([fold(trimmed), foldSpelledOut(trimmed)])].map((it) => it.slice(0, wordLengthMax));
}

/** A phone as people write it: `+49 123…`, `0049 123…`, `0123…`, `(0)123…`, or its last digits. */
function soughtPhone(text: string, digits: string): SoughtWord {
  if (text.startsWith("+")) return [`+${digits.replace(/^(\d{1,3})0(?=.*\(0\))/, "$1")}`];
  if (digits.startsWith("00")) return [`+${digits.slice(2)}`];
  return [digits, `+${digits}`, `<${[...digits].reverse().join("")}`];
}
