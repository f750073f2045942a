import { describe, expect, test } from "vitest";
import { formatDay, parseDay } from "./day.ts";

describe("a day", () => {
  test.each([
    ["2026-02-03", "en", "2026-02-03"],
    [" 2026-2-3 ", "en", "2026-02-03"],
    ["3.2.2026", "de", "2026-02-03"],
    ["03. 02. 2026", "de", "2026-02-03"],
    ["2024-02-29", "de", "2024-02-29"],
  ])("%j in %s is %s", (text, locale, day) => expect(parseDay(text, locale)).toBe(day));

  test.each([
    ["2026-02-29", "en"],
    ["31.04.2026", "de"],
    ["3.2.2026", "en"],
    ["0000-01-01", "en"],
    ["tomorrow", "de"],
    ["", "en"],
  ])("%j in %s is not a date", (text, locale) => expect(parseDay(text, locale)).toBeNull());

  test("is formatted in German form in the German console; invalid text stays", () => {
    expect(formatDay("2026-02-03", "de")).toBe("03.02.2026");
    expect(formatDay("2026-02-03", "en")).toBe("2026-02-03");
    expect(formatDay("31.02.", "de")).toBe("31.02.");
  });
});
