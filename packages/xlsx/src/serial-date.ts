const dayMs = 86_400_000;
const daySeconds = 86_400;
const lastDay = 2_958_465;
/** Days from 1900-01-01 to 1904-01-01, including 29 February 1900. */
const days1904 = 1_462;

const isoDate = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Workbooks treat 1900 as a leap year: day 60 is 29 February; day 0 is displayed as 0 January. */
function isoOfDay(day: number): string {
  if (day === 0) return "1900-01-00";
  if (day === 60) return "1900-02-29";
  return isoDate(Date.UTC(1899, 11, day < 60 ? 31 : 30) + day * dayMs);
}

/**
 * Formats a serial date (a number of days) as `YYYY-MM-DD`, with `THH:MM:SS` if it is not midnight and its format shows
 * the time, or as `HH:MM:SS` if it has no day and its format shows none. Returns null if it is out of range.
 */
export function isoOfSerial(
  serial: number,
  shows: { date: boolean; time: boolean },
  date1904: boolean,
): string | null {
  if (!(serial >= 0 && serial <= lastDay + 1)) return null;
  const seconds = Math.round(serial * daySeconds);
  const day = Math.floor(seconds / daySeconds);
  const second = seconds - day * daySeconds;
  const clock = () => new Date(second * 1000).toISOString().slice(11, 19);
  if (day === 0 && !shows.date) return clock();
  if (day > lastDay - (date1904 ? days1904 : 0)) return null;
  const date = date1904 ? isoDate(Date.UTC(1904, 0, 1) + day * dayMs) : isoOfDay(day);
  return shows.time && second > 0 ? `${date}T${clock()}` : date;
}
