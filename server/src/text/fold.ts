// biome-ignore-all lint/style/noNonNullAssertion: the patterns match only the keys of the tables that they look up.
// Letters that no decomposition takes apart, and the sigma that is written otherwise at the end of a word.
const alike: Record<string, string> = {
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
/** What is compared as another text. */
export const alikes: ReadonlyMap<string, string> = new Map(Object.entries(alike));
const special = new RegExp(`[${[...alikes.keys()].join("")}]`, "g");

/**
 * The marks that are accents: of Latin, Greek and Cyrillic letters, the points of Hebrew and Arabic. Those of Indic
 * and other scripts are vowels, and names differ by them. Written as PostgreSQL's patterns read it too.
 */
export const accents =
  "\\u0300-\\u036F\\u0483-\\u0487\\u0591-\\u05C7\\u0610-\\u061A\\u064B-\\u065F\\u0670\\u06D6-\\u06ED\\u1AB0-\\u1AFF\\u1DC0-\\u1DFF\\uFE20-\\uFE2F";
const accent = new RegExp(`[${accents}]`, "g");
const onlyAscii = /^[\x20-\x7E]*$/;

/** Text for comparing: lower case, compatibility forms and accents undone. `Änne` and `ANNE` fold alike. */
export function fold(text: string): string {
  if (onlyAscii.test(text)) return text.toLowerCase();
  return text
    .normalize("NFKD")
    .replace(accent, "")
    .toLowerCase()
    .replace(special, (letter) => alike[letter]!);
}

const umlauts: Record<string, string> = { ä: "ae", ö: "oe", ü: "ue", å: "aa", ø: "oe" };

/** The other way to write umlauts: `müller` as `mueller`. The same as `fold` where there are none. */
export function foldSpelledOut(text: string): string {
  if (onlyAscii.test(text)) return text.toLowerCase();
  return fold(
    text
      .normalize("NFC")
      .toLowerCase()
      .replace(/[äöüåø]/g, (letter) => umlauts[letter]!),
  );
}

/** At most so many UTF-16 units, and no half of a character at the end. */
export function cut(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  const last = text.charCodeAt(lengthMax - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? lengthMax - 1 : lengthMax);
}

export const keyLengthMax = 100;

/**
 * What a name is sorted by. One that starts with no letter gets U+0001 in front and an absent one is empty, so the
 * letter `#` is one range of the index: all below U+0002.
 */
export function sortKey(text: string): string {
  if (text === "") return "";
  const folded = cut(fold(text), keyLengthMax);
  return /^\p{L}/u.test(folded) ? folded : `\u0001${folded}`;
}

/** The sort keys of the names that start with a letter, as a half-open range. */
export function keysStartingWith(letter: string): { from: string; to: string } {
  if (letter === "#") return { from: "", to: "\u0002" };
  const from = sortKey(letter);
  const characters = [...from];
  while (characters.at(-1) === "\u{10FFFF}") characters.pop();
  const last = characters.pop()!.codePointAt(0)!;
  // Behind U+D7FF come the surrogates, which are no characters.
  const next = last === 0xd7ff ? 0xe000 : last + 1;
  return { from, to: characters.join("") + String.fromCodePoint(next) };
}
