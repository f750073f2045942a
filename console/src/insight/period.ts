import { useFormatter } from "use-intl";

/** Length of a period in days. */
export const periods = { month: 30, quarter: 90, year: 365 } as const;
export type Period = keyof typeof periods;
export const intervals = { month: "day", quarter: "week", year: "month" } as const;
export type Interval = (typeof intervals)[Period];

const dayMs = 86_400_000;

/** First day of the interval that contains a day; weeks start on Monday. */
export function stepOf(day: string, interval: Interval): string {
  if (interval === "day") return day;
  if (interval === "month") return `${day.slice(0, 7)}-01`;
  const time = Date.parse(`${day}T00:00:00Z`);
  const sinceMonday = (new Date(time).getUTCDay() + 6) % 7;
  return new Date(time - sinceMonday * dayMs).toISOString().slice(0, 10);
}

/** All intervals of a period up to a day, earliest first. */
export function stepsOf(period: Period, today: string): string[] {
  const last = Date.parse(`${today}T00:00:00Z`);
  const days = Array.from({ length: periods[period] }, (_, index) =>
    new Date(last - (periods[period] - 1 - index) * dayMs).toISOString().slice(0, 10),
  );
  return [...new Set(days.map((day) => stepOf(day, intervals[period])))];
}

/** Formats an interval by its first day. */
export function useStepText(): (step: string, interval: Interval) => string {
  const format = useFormatter();
  return (step, interval) =>
    format.dateTime(new Date(`${step}T00:00:00Z`), {
      timeZone: "UTC",
      ...(interval === "month" ? { month: "short", year: "numeric" } : { day: "numeric", month: "short" }),
    });
}
