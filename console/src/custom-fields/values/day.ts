const isDay = (year: number, month: number, day: number): boolean => {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
};

const patterns = {
  iso: /^(?<year>\d{4})-(?<month>\d\d?)-(?<day>\d\d?)$/,
  de: /^(?<day>\d\d?)\. ?(?<month>\d\d?)\. ?(?<year>\d{4})$/,
};

/** Parses a day in ISO form, or in German form in the German console. Returns YYYY-MM-DD, or null. */
export function parseDay(text: string, locale: string): string | null {
  const match = patterns.iso.exec(text.trim()) ?? (locale === "de" ? patterns.de.exec(text.trim()) : null);
  if (!match?.groups) return null;
  const { year = "", month = "", day = "" } = match.groups;
  if (!isDay(Number(year), Number(month), Number(day))) return null;
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

/** Formats a day for an input; other text is returned unchanged. */
export function formatDay(value: string, locale: string): string {
  const [year, month, day] = value.split("-");
  return locale === "de" && parseDay(value, "en") !== null ? `${day}.${month}.${year}` : value;
}
