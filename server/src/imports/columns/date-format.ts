/** A date format such as `DD.MM.YYYY`. */
export type DateFormat = {
  /** The date as `YYYY-MM-DD`, or null. Two digits stand for the latest such year up to `latestYear`. */
  read: (text: string, latestYear: number) => string | null;
};

import { type Reason, reason } from "@clientele/contract/field-errors";
import { required } from "../../validation/required.ts";

const tokens = /(YYYY|YY|MM|M|DD|D)|[^\p{L}\p{N}]+/iuy;
const formatLengthMax = 40;
const partNames = { Y: "year", M: "month", D: "day" } as const;
type Part = keyof typeof partNames;

/**
 * Parses a format of YYYY or YY, MM or M, and DD or D, in any order, separated by anything but letters and digits.
 * `DD.MM.YYYY` accepts `1.2.1990` too; a format without separators, such as `YYYYMMDD`, requires every digit.
 */
export function readDateFormat(text: string): DateFormat | { fieldError: Reason } {
  const pieces = tokensOf(text.trim());
  const parts = pieces
    ?.filter(isPart)
    .map((token) => required(token[0], "the token's letter").toUpperCase() as Part);
  if (!pieces || !parts || parts.length !== 3 || new Set(parts).size !== 3)
    return { fieldError: reason("DATE_FORMAT_PARTS") };
  const isGlued = (index: number) => isPart(pieces[index - 1]) || isPart(pieces[index + 1]);
  if (pieces.some((piece, index) => piece.length === 1 && isPart(piece) && isGlued(index)))
    return { fieldError: reason("DATE_FORMAT_AMBIGUOUS") };

  const pattern = pieces.map((piece, index) => {
    if (!isPart(piece)) return piece.trim() === "" ? "\\s+" : `\\s*${literal(piece.trim())}\\s*`;
    const digits = piece.length === 4 ? "4" : piece.toUpperCase() === "YY" || isGlued(index) ? "2" : "1,2";
    return `(\\d{${digits}})`;
  });
  const shape = new RegExp(`^${pattern.join("")}${noTimeOfDay}$`);
  const places = { Y: parts.indexOf("Y") + 1, M: parts.indexOf("M") + 1, D: parts.indexOf("D") + 1 };
  const format: DateFormat = {
    read: (written, latestYear) => {
      const match = shape.exec(written);
      if (!match) return null;
      const year = required(match[places.Y], "the year");
      const month = Number(match[places.M]);
      const day = Number(match[places.D]);
      return dayOf(year.length === 2 ? fullYear(Number(year), latestYear) : Number(year), month, day);
    },
  };
  // ISO 8601 dates are read in every file, so no other format may look like them.
  const asRead = format.read("2001-02-03", 2001);
  return asRead === null || asRead === "2001-02-03"
    ? format
    : { fieldError: reason("DATE_FORMAT_MONTH_LAST") };
}

/** An ISO 8601 date as `YYYY-MM-DD`, also with a time if that is midnight; or null. */
export function readIsoDay(text: string): string | null {
  const match = iso.exec(text);
  return match && dayOf(Number(match[1]), Number(match[2]), Number(match[3]));
}

const noTimeOfDay = "(?:[T ]0?0:00(?::00(?:\\.0+)?)?(?:Z|[+-]\\d\\d:?\\d\\d)?)?";
const iso = new RegExp(`^(\\d{4})-(\\d\\d)-(\\d\\d)${noTimeOfDay}$`);

function tokensOf(text: string): string[] | null {
  if (text.length > formatLengthMax) return null;
  const pieces = [...text.matchAll(new RegExp(tokens, "iuyg"))].map(([piece]) => piece);
  return pieces.join("") === text ? pieces : null;
}

// RegExp.escape is missing in the oldest Node version that runs this.
const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

const isPart = (piece: string | undefined): boolean => piece !== undefined && /^[YMD]/i.test(piece);

/** Birthdays lie in the past: a future year means the century before. */
function fullYear(twoDigits: number, latestYear: number): number {
  const year = latestYear - (latestYear % 100) + twoDigits;
  return year > latestYear ? year - 100 : year;
}

const daysOfMonths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function dayOf(year: number, month: number, day: number): string | null {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const last = month === 2 && isLeap ? 29 : daysOfMonths[month - 1];
  if (year === 0 || last === undefined || day === 0 || day > last) return null;
  return `${String(year).padStart(4, "0")}-${month < 10 ? "0" : ""}${month}-${day < 10 ? "0" : ""}${day}`;
}
