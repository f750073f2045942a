import { expect, test } from "vitest";
import { readPhone } from "../custom-fields/values/phone.ts";
import { phoneCell, writePhoneCell } from "./phone-cell.ts";

const stored = (number: string, country: string) =>
  JSON.stringify(readPhone(JSON.stringify({ number, country })));

test.each([
  ["0170 1234567", "DE", "+491701234567"],
  ["020 7946 0958", "GB", "+442079460958"],
  ["+800 1234 5678", "", "+80012345678"],
  // E.164 alone would give these an unknown or another country.
  ["836 016 0943", "AG", '{"number":"8360160943","country":"AG"}'],
  ["1108731", "FI", '{"number":"1108731","country":"FI"}'],
])("the phone %s of %j is written %s, and read as it was", (number, country, cell) => {
  const phone = stored(number, country);
  expect(writePhoneCell(phone)).toBe(cell);
  const read = phoneCell(writePhoneCell(phone), undefined);
  expect(JSON.stringify(readPhone(read as string))).toBe(phone);
});
