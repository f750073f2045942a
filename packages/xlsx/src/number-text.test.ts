import { expect, test } from "vitest";
import { numberText } from "./number-text.ts";

const textOf = (pattern: string, stored: string, date1904 = false) => numberText(pattern, date1904)(stored);

test.each([
  ["a phone number has no exponent", "General", "491701234567", "491701234567"],
  ["nor when the format is for text", "@", "491701234567", "491701234567"],
  ["nor when a column was narrow once", "0.00E+00", "491701234567", "491701234567"],
  ["a customer number keeps every digit", "General", "12345678901234567", "12345678901234567"],
  ["also with a format of whole numbers", "0", "12345678901234567", "12345678901234567"],
  ["a whole number may be stored as a float", "General", "4917.0", "4917"],
  ["or with an exponent", "General", "4.91701234567E11", "491701234567"],
  ["15 significant digits", "General", "0.30000000000000004", "0.3"],
  ["as stored by spreadsheets", "General", "12345.678900000001", "12345.6789"],
  ["a postcode", "00000", "1067", "01067"],
  ["a phone number's plus", '"+"0', "491701234567", "+491701234567"],
  [
    "a phone number with a format of its own",
    "[<=9999999]###-####;(###) ###-####",
    "2125551234",
    "(212) 555-1234",
  ],
  ["a customer number's letters", '"K-"0000', "17", "K-0017"],
  ["an amount is not grouped", "#,##0.00", "1234567.5", "1234567.50"],
  ["an amount is rounded as shown", "0.00", "12.345", "12.35"],
  ["a currency", '#,##0.00 "€"', "1234.5", "1234.50 €"],
  ["a currency of a country with a decimal comma", "#,##0.00 [$€-407]", "1234.5", "1234.50 €"],
  ["an accounting format", '_-* #,##0.00 "€"_-;-* #,##0.00 "€"_-;_-* "-"?? "€"_-', "-1234.5", "-1234.50 €"],
  ["its zero", '_-* #,##0.00 "€"_-;-* #,##0.00 "€"_-;_-* "-"?? "€"_-;_-@_-', "0", "0.00 €"],
  ["a negative in red and parentheses", "#,##0_);[Red](#,##0)", "-1234", "-1234"],
  ["a percentage", "0.0%", "0.125", "12.5%"],
  ["words for signs", '"yes";"no";"none"', "0", "none"],
  ["thousands", '0.0,"K"', "1234567", "1234.6K"],
  ["a format that hides the value", ";;;", "5", "5"],
  ["an invalid format", '0"', "5", "5"],
  ["a value that is not a number", "0.00", "n/a", "n/a"],
])("%s", (_, pattern, stored, text) => {
  expect(textOf(pattern, stored)).toBe(text);
});

test.each([
  ["m/d/yy", "45351", "2024-02-29"],
  ["[$-F800]dddd, mmmm dd, yyyy", "45351", "2024-02-29"],
  ['yyyy"年"m"月"d"日"', "45351", "2024-02-29"],
  ["mmm-yy", "45351", "2024-02-29"],
  ["dd.mm.yyyy", "45351.75", "2024-02-29"],
  ["dd.mm.yyyy hh:mm", "45351.75", "2024-02-29T18:00:00"],
  ["dd.mm.yyyy hh:mm", "45351", "2024-02-29"],
  ["d/m/yyyy h:mm:ss", "45351.999999", "2024-03-01"],
  ["h:mm", "0.75", "18:00:00"],
  ["h:mm AM/PM", "0", "00:00:00"],
  ["h:mm", "45351.75", "2024-02-29T18:00:00"],
  ["[h]:mm", "1.5", "36:00"],
  // Workbooks have a 29 February 1900.
  ["yyyy", "1", "1900-01-01"],
  ["yyyy", "59", "1900-02-28"],
  ["yyyy", "60", "1900-02-29"],
  ["yyyy", "61", "1900-03-01"],
  ["yyyy", "0", "1900-01-00"],
  ["yyyy", "2958465", "9999-12-31"],
  ["yyyy", "2958466", "2958466"],
  ["yyyy", "-1", "-1"],
])("the date %s of %s is %s", (pattern, stored, text) => {
  expect(textOf(pattern, stored)).toBe(text);
});

test("dates that start in 1904", () => {
  expect(textOf("yyyy", "0", true)).toBe("1904-01-01");
  expect(textOf("yyyy", "43889", true)).toBe("2024-02-29");
  expect(textOf("yyyy", "2957003", true)).toBe("9999-12-31");
  expect(textOf("yyyy", "2957004", true)).toBe("2957004");
});
