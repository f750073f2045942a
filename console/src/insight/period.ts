import { useFormatter } from "use-intl";

/** How far back one looks, and how long each step of it is. */
export const periods = { month: 30, quarter: 90, year: 365 } as const;
export type Period = keyof typeof periods;
export const intervals = { month: "day", quarter: "week", year: "month" } as const;
export type Interval = (typeof intervals)[Period];

const dayMs = 86_400_000;

/** The first day of the step that a day belongs to; weeks begin on Monday. */
export function stepOf(day: string, interval: Interval): string {
  if (interval === "day") return day;
  if (interval === "month") return `${day.slice(0, 7)}-01`;
  const time = Date.parse(`${day}T00:00:00Z`);
  const sinceMonday = (new Date(time).getUTCDay() + 6) % 7;
  return new Date(time - sinceMonday * dayMs).toISOString().slice(0, 10);
}

/** Every step of a period until a day, the earliest first. */
export function stepsOf(period: Period, today: string): string[] {
  const last = Date.parse(`${today}T00:00:00Z`);
  const days = Array.from({ length: periods[period] }, (_, index) =>
    new Date(last - (periods[period] - 1 - index) * dayMs).toISOString().slice(0, 10),
  );
  return [...new Set(days.map((day) => stepOf(day, intervals[period])))];
}

/** A step for people: a day, the Monday of a week, a month. */
export function useStepText(): (step: string, interval: Interval) => string {
  const format = useFormatter();
  return (step, interval) =>
    format.dateTime(new Date(`${step}T00:00:00Z`), {
      timeZone: "UTC",
      ...(interval === "month" ? { month: "short", year: "numeric" } : { day: "numeric", month: "short" }),
    });
}
