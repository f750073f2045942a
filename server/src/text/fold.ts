// biome-ignore-all lint/style/noNonNullAssertion: the patterns match only the keys of the tables that they look up.
// Letters without a Unicode decomposition, the final sigma, and typographic punctuation.
const replacements: Record<string, string> = {
  ß: "ss",
  ẞ: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ð: "d",
  þ: "th",
  ł: "l",
  ħ: "h",
  ı: "i",
  ς: "σ",
  "’": "'",
  "‐": "-",
  "‑": "-",
  "–": "-",
};
/** Letters that are compared as another text. */
export const replacedLetters: ReadonlyMap<string, string> = new Map(Object.entries(replacements));
const special = new RegExp(`[${[...replacedLetters.keys()].join("")}]`, "g");

/**
 * Combining marks that folding removes: Latin, Greek and Cyrillic accents, Hebrew and Arabic points. Marks of Indic
 * and other scripts are vowels that distinguish names. The syntax also works in PostgreSQL's patterns.
 */
export const accents =
  "\\u0300-\\u036F\\u0483-\\u0487\\u0591-\\u05C7\\u0610-\\u061A\\u064B-\\u065F\\u0670\\u06D6-\\u06ED\\u1AB0-\\u1AFF\\u1DC0-\\u1DFF\\uFE20-\\uFE2F";
const accent = new RegExp(`[${accents}]`, "g");
const onlyAscii = /^[\x20-\x7E]*$/;

/** Returns lower case without compatibility forms and accents, for comparing: `Änne` and `ANNE` fold to the same text. */
export function fold(text: string): string {
  if (onlyAscii.test(text)) return text.toLowerCase();
  return text
    .normalize("NFKD")
    .replace(accent, "")
    .toLowerCase()
    .replace(special, (letter) => replacements[letter]!);
}

const umlauts: Record<string, string> = { ä: "ae", ö: "oe", ü: "ue", å: "aa", ø: "oe" };

/** Folds umlauts to two letters: `müller` to `mueller`. The same as `fold` for a text without umlauts. */
export function foldSpelledOut(text: string): string {
  if (onlyAscii.test(text)) return text.toLowerCase();
  return fold(
    text
      .normalize("NFC")
      .toLowerCase()
      .replace(/[äöüåø]/g, (letter) => umlauts[letter]!),
  );
}

/** Truncates to at most `lengthMax` UTF-16 units, never inside a surrogate pair. */
export function cut(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  const last = text.charCodeAt(lengthMax - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? lengthMax - 1 : lengthMax);
}

export const keyLengthMax = 100;

/**
 * The sort key of a name. A name that does not start with a letter gets the prefix U+0001 and a missing name is empty,
 * so that the letter `#` is one range of the index: everything below U+0002.
 */
export function sortKey(text: string): string {
  if (text === "") return "";
  const folded = cut(fold(text), keyLengthMax);
  return /^\p{L}/u.test(folded) ? folded : `\u0001${folded}`;
}

/** The half-open range of sort keys of names that start with a letter. */
export function keysStartingWith(letter: string): { from: string; to: string } {
  if (letter === "#") return { from: "", to: "\u0002" };
  const from = sortKey(letter);
  const characters = [...from];
  while (characters.at(-1) === "\u{10FFFF}") characters.pop();
  const last = characters.pop()!.codePointAt(0)!;
  // U+D800 to U+DFFF are surrogates, not characters.
  const next = last === 0xd7ff ? 0xe000 : last + 1;
  return { from, to: characters.join("") + String.fromCodePoint(next) };
}
