// biome-ignore-all lint/style/noNonNullAssertion: there is always a first section.
import { format, getFormatInfo, isDateFormat } from "numfmt";
import { isoOfSerial } from "./serial-date.ts";

const wholeNumber = /^-?[1-9]\d*$/;

/**
 * A number without a format: with 15 significant digits as spreadsheets show it, but never shortened to an exponent
 * for the width of a column. A whole number keeps all its digits, for it may be a customer's.
 */
export function generalText(stored: string): string {
  if (wholeNumber.test(stored)) return stored;
  const value = Number(stored);
  return stored.trim() === "" || !Number.isFinite(value) ? stored : String(Number(value.toPrecision(15)));
}

/** What turns a stored number into the text of a cell that has this format. */
export function numberText(pattern: string, date1904: boolean): (stored: string) => string {
  try {
    // An invalid pattern shows itself when it is used.
    format(pattern, 1);
    return isDateFormat(pattern) ? dateText(pattern, date1904) : plainText(pattern);
  } catch {
    return generalText;
  }
}

/** In one order whatever the format's, so that nobody has to guess which is the day and which the month. */
function dateText(pattern: string, date1904: boolean): (stored: string) => string {
  if (/\[(h+|m+|s+)\]/i.test(pattern)) return formatted(pattern);
  const { type } = getFormatInfo(pattern);
  const shows = { date: type !== "time", time: type !== "date" };
  return (stored) => isoOfSerial(Number(stored), shows, date1904) ?? generalText(stored);
}

/**
 * As people see it, but for what would be read as another number elsewhere: thousands are not grouped, decimals have a
 * point whatever the currency's country, and negatives and zeros of accounting formats are numbers, not (5) and a dash.
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

/** A format's sections, in tokens, without colours, padding, languages and the grouping of thousands. */
function sectionsOf(pattern: string): string[][] {
  const sections: string[][] = [[]];
  const tokens = (pattern.match(token) ?? []).flatMap(withoutDisplayParts);
  for (const [index, it] of tokens.entries()) {
    const groups = it === "," && digit.test(tokens[index - 1] ?? "") && digit.test(tokens[index + 1] ?? "");
    if (it === ";") sections.push([]);
    else if (!groups) sections.at(-1)!.push(it);
  }
  // A fourth section is for text.
  return sections.slice(0, 3);
}

function withoutDisplayParts(it: string): string[] {
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
