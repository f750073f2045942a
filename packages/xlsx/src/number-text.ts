// biome-ignore-all lint/style/noNonNullAssertion: there is always a first section.
import { format, getFormatInfo, isDateFormat } from "numfmt";
import { isoOfSerial } from "./serial-date.ts";

const wholeNumber = /^-?[1-9]\d*$/;

/**
 * Formats a number without a format: 15 significant digits, as in spreadsheets, but no exponent to fit a narrow column.
 * A whole number keeps all its digits, because it may be a customer number.
 */
export function generalText(stored: string): string {
  if (wholeNumber.test(stored)) return stored;
  const value = Number(stored);
  return stored.trim() === "" || !Number.isFinite(value) ? stored : String(Number(value.toPrecision(15)));
}

/** Returns the function that converts a stored number to cell text in this format. */
export function numberText(pattern: string, date1904: boolean): (stored: string) => string {
  try {
    // An invalid pattern throws only when it is used.
    format(pattern, 1);
    return isDateFormat(pattern) ? dateText(pattern, date1904) : plainText(pattern);
  } catch {
    return generalText;
  }
}

/** Always ISO 8601, whatever the format, so that day and month are unambiguous. */
function dateText(pattern: string, date1904: boolean): (stored: string) => string {
  if (/\[(h+|m+|s+)\]/i.test(pattern)) return formatted(pattern);
  const { type } = getFormatInfo(pattern);
  const shows = { date: type !== "time", time: type !== "date" };
  return (stored) => isoOfSerial(Number(stored), shows, date1904) ?? generalText(stored);
}

/**
 * As displayed, except where the text could be read as another number: no thousands separators, a decimal point for
 * every currency, and numbers for negatives and zeros of accounting formats instead of (5) and a dash.
 */
function plainText(pattern: string): (stored: string) => string {
  const sections = sectionsOf(pattern);
  const [first = []] = sections;
  const sameWords = sections.slice(1, 3).every((section) => wordsOf(section) === wordsOf(first));
  const plain = (sameWords ? [first] : sections).map((value) => value.join("")).join(";");
  if (/^(general|@|)$|^[^"]*[0#?]E[+-]/i.test(plain)) return generalText;
  const shown = formatted(plain);
  const isWhole = /^#*0?$/.test(plain);
  return (stored) => (isWhole && wholeNumber.test(stored) ? stored : shown(stored));
}

const formatted = (pattern: string) => (stored: string) => {
  const value = Number(stored);
  return Number.isFinite(value) ? format(pattern, value).trim() : stored;
};

const token = /"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|[\s\S]/g;
const digit = /^[0#?]$/;

/** The sections of a format as tokens, without colours, padding, locales and thousands separators. */
function sectionsOf(pattern: string): string[][] {
  const sections: string[][] = [[]];
  const tokens = (pattern.match(token) ?? []).flatMap(withoutDecoration);
  for (const [index, it] of tokens.entries()) {
    const groups = it === "," && digit.test(tokens[index - 1] ?? "") && digit.test(tokens[index + 1] ?? "");
    if (it === ";") sections.push([]);
    else if (!groups) sections.at(-1)!.push(it);
  }
  // A fourth section is for text.
  return sections.slice(0, 3);
}

function withoutDecoration(it: string): string[] {
  if (/^[_*]./.test(it)) return [];
  if (!it.startsWith("[")) return [it];
  const symbol = /^\[\$([^\]-]*)/.exec(it)?.[1];
  if (symbol) return [`"${symbol}"`];
  // Conditions stay.
  return /^\[[<>=]/.test(it) ? [it] : [];
}

/** A section without its digits, signs and spaces. */
const wordsOf = (section: readonly string[]): string =>
  section
    .map((value) => (digit.test(value) ? "" : value.replace(/^\\/, "").replace(/[".,\s()+-]/g, "")))
    .join("");
