/** What stands before the digits of a fraction. */
export type DecimalMark = "." | ",";

// Thousands are parted by the other mark, by blanks or by apostrophes, and by one of them throughout.
const shapes = {
  ".": /^([+-]?)(\d{1,3}(?:([,\s'’])\d{3})(?:\3\d{3})*|\d*)(?:\.(\d+))?$/,
  ",": /^([+-]?)(\d{1,3}(?:([.\s'’])\d{3})(?:\3\d{3})*|\d*)(?:,(\d+))?$/,
};
const plain = /^[+-]?\d+(?:\.\d+)?$/;

/**
 * A number as people write it, as `-1234.5`; or null. Without a stated mark only what can be read in one way is
 * read: `1,234` is a thousand to some, and little more than one to others.
 */
export function readNumber(text: string, mark: DecimalMark | undefined): string | null {
  const written = text.replace("−", "-");
  if (mark === undefined) return plain.test(written) ? written.replace("+", "") : null;
  const match = shapes[mark].exec(written);
  if (!match) return null;
  const [, sign, whole, , fraction] = match;
  if (whole === "" && fraction === undefined) return null;
  const digits = whole!.replace(/\D/g, "") || "0";
  return `${sign === "-" ? "-" : ""}${digits}${fraction === undefined ? "" : `.${fraction}`}`;
}
