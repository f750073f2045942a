import { timestampOf } from "@clientele/contract/formats";

const shape =
  /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::(\d\d)(?:\.\d+)?)?(?:Z|([+-])([01]\d|2[0-3]):?([0-5]\d))?)?$/;

/**
 * Parses a date or date-time, in whole seconds: a date is its first second, a date-time without an offset is UTC.
 * Returns null when it is invalid, also for 31 February, which `Date` reads as 2 March.
 */
export function parseTime(text: string): Date | null {
  const match = shape.exec(text);
  if (!match) return null;
  const [, day, minute = "00:00", second = "00", sign = "+", offsetHours = 0, offsetMinutes = 0] = match;
  const local = new Date(`${day}T${minute}:${second}Z`);
  if (!isRepresentable(local) || timestampOf(local) !== `${day}T${minute}:${second}Z`) return null;
  const offsetMs = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000;
  const time = new Date(local.getTime() + (sign === "+" ? -offsetMs : offsetMs));
  return isRepresentable(time) ? time : null;
}

const firstMs = Date.parse("0001-01-01T00:00:00Z");
const lastMs = Date.parse("9999-12-31T23:59:59Z");

/** Whether the year has four digits. */
export const isRepresentable = (time: Date): boolean => time.getTime() >= firstMs && time.getTime() <= lastMs;

/** Whether the text is a date without a time of day. */
export const isDateOnly = (text: string): boolean => !text.includes("T");
