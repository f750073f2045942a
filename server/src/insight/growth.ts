import { type FieldError, problemOf } from "@clientele/contract/errors";
import { type Reason, reason } from "@clientele/contract/field-errors";
import {
  type fetchGrowth as contract,
  type GrowthInterval,
  growthIntervalsDefault,
  growthIntervalsMax,
} from "@clientele/contract/insight";
import type { Operation } from "../call.ts";
import { parseTime } from "../time/parse-time.ts";
import { required } from "../validation/required.ts";
import * as store from "./store.ts";

const dayMs = 86_400_000;
const dayOf = (time: Date): string => time.toISOString().slice(0, 10);
const fieldError = (path: string, why: Reason): FieldError => ({
  in: "query",
  path,
  code: "REQUEST_INVALID",
  ...why,
});

export const fetchGrowth: Operation<typeof contract> = async ({ database, now }, { query }) => {
  const { interval = "day" } = query;
  const fieldErrors: FieldError[] = [];
  const read = (path: "from" | "to", fallback: Date): Date => {
    const text = query[path];
    const time = text === undefined ? fallback : parseTime(text);
    if (time === null) fieldErrors.push(fieldError(path, reason("DATE_OR_TIME_UNKNOWN")));
    return startOf(interval, time ?? fallback);
  };
  const to = read("to", now);
  const from = read("from", shifted(interval, to, 1 - growthIntervalsDefault[interval]));
  if (fieldErrors.length === 0 && from > to)
    fieldErrors.push(fieldError("from", reason("DATE_AFTER_OTHER", { other: "to" })));
  const starts = fieldErrors.length === 0 ? startsBetween(interval, from, to) : [];
  if (starts.length > growthIntervalsMax)
    fieldErrors.push(fieldError("from", reason("TOO_MANY_INTERVALS", { max: growthIntervalsMax })));
  if (fieldErrors.length > 0) {
    // Authorizes the caller before errors are reported.
    await database.batch([]);
    throw problemOf(fieldErrors);
  }
  const { changes, total } = await store.fetchChangesByInterval(database, interval, from);
  return { data: { interval, points: pointsOf(starts, changes, total) } };
};

/** Derives past totals backwards from the current total. */
function pointsOf(starts: readonly string[], changes: readonly store.IntervalChanges[], total: number) {
  const byStart = new Map(changes.map((change) => [change.start, change]));
  const last = required(starts.at(-1), "the last period");
  let runningTotal = total;
  for (const { start, created, deleted } of changes) if (start > last) runningTotal -= created - deleted;
  const points = starts.toReversed().map((start) => {
    const { created = 0, deleted = 0 } = byStart.get(start) ?? {};
    const point = { start, created, deleted, total: Math.max(0, runningTotal) };
    runningTotal -= created - deleted;
    return point;
  });
  return points.reverse();
}

/** The start of the interval that contains a time, in UTC. */
function startOf(interval: GrowthInterval, time: Date): Date {
  const day = new Date(dayOf(time));
  if (interval === "day") return day;
  if (interval === "week") return new Date(day.getTime() - ((day.getUTCDay() + 6) % 7) * dayMs);
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), 1));
}

function shifted(interval: GrowthInterval, start: Date, by: number): Date {
  if (interval === "month") return new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + by, 1));
  return new Date(start.getTime() + by * (interval === "week" ? 7 : 1) * dayMs);
}

/** Stops one past the limit, which is enough to detect that it is exceeded. */
function startsBetween(interval: GrowthInterval, from: Date, to: Date): string[] {
  const starts: string[] = [];
  for (let at = from; at <= to && starts.length <= growthIntervalsMax; at = shifted(interval, at, 1))
    starts.push(dayOf(at));
  return starts;
}
