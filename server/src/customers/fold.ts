// Letters that no decomposition takes apart.
const plain: Record<string, string> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ð: "d",
  þ: "th",
  ł: "l",
  ħ: "h",
  ı: "i",
};
const special = new RegExp(`[${Object.keys(plain).join("")}]`, "g");
const onlyAscii = /^[\x20-\x7E]*$/;

/** Text for comparing: lower case, compatibility forms and accents undone. `Änne` and `ANNE` fold alike. */
export function fold(text: string): string {
  if (onlyAscii.test(text)) return text.toLowerCase();
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(special, (letter) => plain[letter]!);
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

const keyLengthMax = 100;

/**
 * What a name is sorted by. One that starts with no letter gets U+0001 in front and an absent one is empty, so the
 * letter `#` is one range of the index: all below U+0002.
 */
export function sortKey(text: string): string {
  if (text === "") return "";
  const folded = fold(text).slice(0, keyLengthMax);
  return /^\p{L}/u.test(folded) ? folded : `\u0001${folded}`;
}
