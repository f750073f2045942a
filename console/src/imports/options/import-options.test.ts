import { expect, test } from "vitest";
import { defaultOptions, optionsFromStored, queryOf } from "./import-options.ts";

test("default options leave detection to the server", () => {
  expect(queryOf({ ...defaultOptions(), defaultCountry: "" })).toEqual({
    mode: "upsert",
    match_on: ["id", "external_id", "import_customer_id"],
    list_separator: ";",
    empty: "keep",
  });
});

test("chosen options are sent, trimmed", () => {
  expect(
    queryOf({
      ...defaultOptions(),
      dateFormat: " DD.MM.YYYY ",
      defaultCountry: " de",
      decimal: ",",
      delimiter: "tab",
      sheet: "Customers",
      ignoreMandatory: true,
    }),
  ).toMatchObject({
    date_format: "DD.MM.YYYY",
    default_country: "DE",
    decimal: ",",
    delimiter: "tab",
    sheet: "Customers",
    ignore_mandatory_validation: true,
  });
});

test("stored options come back as the form has them", () => {
  const stored = { mode: "create", matchOn: ["id"], listSeparator: "|", empty: "clear", decimal: null };
  expect(
    optionsFromStored({ ...stored, ignoreMandatoryValidation: true } as unknown as Parameters<
      typeof optionsFromStored
    >[0]),
  ).toMatchObject({ mode: "create", decimal: "", sheet: "", listSeparator: "|", ignoreMandatory: true });
});
