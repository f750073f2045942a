import { timestampOf } from "@clientele/contract/formats";

const shape =
  /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::(\d\d)(?:\.\d+)?)?(?:Z|([+-])([01]\d|2[0-3]):?([0-5]\d))?)?$/;

/**
 * The time that a date or date-time of the wire names, in whole seconds: a date is its first moment, a date-time
 * without an offset is UTC. Null when there is not a valid date or date-time; `Date` takes 31 February for 2 March.
 */
export function readTime(text: string): Date | null {
  const match = shape.exec(text);
  if (!match) return null;
  const [, day, minute = "00:00", second = "00", sign = "+", offsetHours = 0, offsetMinutes = 0] = match;
  const local = new Date(`${day}T${minute}:${second}Z`);
  if (!isWritable(local) || timestampOf(local) !== `${day}T${minute}:${second}Z`) return null;
  const offsetMs = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000;
  const time = new Date(local.getTime() + (sign === "+" ? -offsetMs : offsetMs));
  return isWritable(time) ? time : null;
}

const firstMs = Date.parse("0001-01-01T00:00:00Z");
const lastMs = Date.parse("9999-12-31T23:59:59Z");

/** Four digits can write its year. */
export const isWritable = (time: Date): boolean => time.getTime() >= firstMs && time.getTime() <= lastMs;

/** A date without a time of day means the whole day. */
export const isDay = (text: string): boolean => !text.includes("T");
