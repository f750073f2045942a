import { expect, test } from "vitest";
import { readDateFormat, readIsoDay } from "./date-format.ts";

function read(format: string, text: string): string | null {
  const read = readDateFormat(format);
  if ("fieldError" in read) throw new Error(read.fieldError.message);
  return read.read(text, 2026);
}

test.each([
  ["DD.MM.YYYY", "01.02.1990", "1990-02-01"],
  ["DD.MM.YYYY", "1.2.1990", "1990-02-01"],
  ["DD.MM.YYYY", "1. 2. 1990", "1990-02-01"],
  ["D.M.YYYY", "31.12.1990", "1990-12-31"],
  ["MM/DD/YYYY", "02/01/1990", "1990-02-01"],
  ["DD/MM/YYYY", "02/01/1990", "1990-01-02"],
  ["DD/MM/YYYY", "02/01/1990 00:00:00", "1990-01-02"],
  ["YYYY-MM-DD", "1990-02-01", "1990-02-01"],
  ["YYYY/M/D", "1990/2/1", "1990-02-01"],
  ["D M YYYY", "1  2 1990", "1990-02-01"],
  ["YYYYMMDD", "19081209", "1908-12-09"],
  ["dd.mm.yyyy", "01.02.1990", "1990-02-01"],
  ["DD.MM.YY", "29.02.00", "2000-02-29"],
  ["DD.MM.YY", "1.2.26", "2026-02-01"],
  ["DD.MM.YY", "1.2.27", "1927-02-01"],
  ["DDMMYY", "010299", "1999-02-01"],
])("in a file of %s, %s is %s", (format, text, day) => {
  expect(read(format, text)).toBe(day);
});

test.each([
  ["DD.MM.YYYY", "29.02.1990"],
  ["DD.MM.YYYY", "31.04.1990"],
  ["DD.MM.YYYY", "0.1.1990"],
  ["DD.MM.YYYY", "1.13.1990"],
  ["DD.MM.YYYY", "1.1.0000"],
  ["DD.MM.YYYY", "1.2.90"],
  ["DD.MM.YY", "1.2.1990"],
  ["DD.MM.YYYY", "1/2/1990"],
  ["DD.MM.YYYY", "1.2.1990 10:30"],
  ["YYYYMMDD", "1990201"],
  ["DD.MM.YYYY", "x1.2.1990"],
])("in a file of %s, %s is no day", (format, text) => {
  expect(read(format, text)).toBeNull();
});

test.each([
  "",
  "DD.MM",
  "DD.MM.YYY",
  "DD.DD.YYYY",
  "DD.MMM.YYYY",
  "DD.MM.YYYY hh",
  "D de M YYYY",
  "YYYYMD",
  "YYYY-DD-MM",
  "x",
  "DD.MM.YYYY".padEnd(100, "."),
])("%j is no format", (format) => {
  expect(readDateFormat(format)).toMatchObject({ fieldError: { message: expect.stringMatching(/^must /) } });
});

test.each([
  ["1990-02-01", "1990-02-01"],
  ["1990-02-01T00:00:00Z", "1990-02-01"],
  ["1990-02-01T00:00:00.000+01:00", "1990-02-01"],
  ["1990-02-01 00:00", "1990-02-01"],
  ["1990-02-01T12:00:00Z", null],
  ["1990-02-30", null],
  ["1990-2-1", null],
])("%s of ISO 8601 is %s", (text, day) => {
  expect(readIsoDay(text)).toBe(day);
});
