import { describe, expect, test } from "vitest";
import { stepOf, stepsOf } from "./period.ts";
import { type Row, topRows } from "./series.ts";

describe("the intervals of a period", () => {
  test("are days, weeks that start on Monday, or months", () => {
    expect(stepOf("2026-02-04", "day")).toBe("2026-02-04");
    expect(stepOf("2026-02-04", "week")).toBe("2026-02-02");
    expect(stepOf("2026-02-01", "week")).toBe("2026-01-26");
    expect(stepOf("2026-02-04", "month")).toBe("2026-02-01");
  });

  test("cover the whole period up to today, earliest first", () => {
    const days = stepsOf("month", "2026-03-01");
    expect(days).toHaveLength(30);
    expect([days[0], days.at(-1)]).toEqual(["2026-01-31", "2026-03-01"]);
    expect(stepsOf("year", "2026-03-15")).toHaveLength(13);
  });
});

test("a chart shows the first 12 rows", () => {
  const rows = Array.from({ length: 20 }, (_, index): Row => ({ key: `${index}`, label: `${index}` }));
  expect(topRows(rows)).toEqual(rows.slice(0, 12));
});
