import { readFile } from "node:fs/promises";
import type { FieldType } from "@clientele/contract/custom-fields";
import { describe, expect, test } from "vitest";
import { readValue } from "../../custom-fields/values/value.ts";
import { readFieldWrite, readRow } from "../../customers/read-row.ts";
import { definitionsWith, optionOf } from "../../testing/definitions.ts";
import { type CellOptions, errorsOfCellOptions } from "./cell-options.ts";
import { columnsOf } from "./columns.ts";
import type { Mapping } from "./mapping.ts";
import { openRowReader } from "./row-reader.ts";

const goldId = "111111111111111111111111";
const vipId = "222222222222222222222222";
const definitions = definitionsWith(
  [
    { label: "Score", type: "NUMBER" },
    { label: "Newsletter", type: "CHECKBOX" },
    {
      label: "Size",
      type: "SELECT",
      selectOptions: [
        optionOf("s", "Small"),
        optionOf("m", "Medium"),
        optionOf("xl", "Large"),
        optionOf("xxl", "LARGE"),
        { ...optionOf("old", "Small"), isActive: false },
        { ...optionOf("gone", "Tiny"), isActive: false },
        { ...optionOf("GONE", "Gone in capitals"), isActive: false },
      ],
    },
    {
      label: "Interests",
      type: "MULTI_SELECT",
      selectOptions: [optionOf("golf", "Golf"), optionOf("ski", "Skiing")],
    },
    { label: "Site", type: "URL" },
  ],
  { [goldId]: "Gold", [vipId]: "V.I.P." },
);
const { tagNames } = definitions;

type Options = Partial<CellOptions>;

/** The value of one cell of a column, or its error. */
function cell(label: string, text: string, options: Options = {}) {
  const { record, fieldErrors } = row([label], [text], options);
  const [fieldError] = fieldErrors;
  if (fieldError) return { [fieldError.code]: fieldError.message };
  const [value] = Object.values(record.values ?? {});
  return value;
}

function row(headings: string[], cells: string[], options: Options = {}, given?: Mapping) {
  const { columns, fieldErrors } = columnsOf(definitions, headings, given);
  expect(fieldErrors).toEqual([]);
  return openRowReader(columns, { tagNames, ...options })({ line: 2, cells });
}

/** The record with its values by label. */
function byLabel({ record: { values, ...rest } }: ReturnType<typeof row>) {
  const labelled = Object.entries(values ?? {}).map(([id, it]) => [definitions.byId.get(id)?.label, it]);
  return { ...rest, values: Object.fromEntries(labelled) };
}

const invalid = (message: string) => ({ FIELD_VALUE_INVALID: expect.stringContaining(message) });

describe("a row", () => {
  test("says what its cells say, each field by its id", () => {
    const headings = ["External id", "First name", "E-mail", "Tags", "Import customer id", "Booker id", "Id"];
    expect(
      byLabel(row(headings, ["0042", "Änne", "a@b.de", "gold; V.I.P.", "i-1", "b", ` ${vipId} `])),
    ).toEqual({
      id: vipId,
      external_id: "0042",
      import_customer_id: "i-1",
      booker_id: "b",
      tag_ids: [goldId, vipId],
      values: { "First name": "Änne", "E-mail": "a@b.de" },
    });
  });

  test("says nothing by empty cells", () => {
    const headings = ["External id", "First name", "E-mail", "Tags"];
    const cells = ["K-1", "  ", "\u200b", " ; "];
    expect(row(headings, cells)).toEqual({ record: { external_id: "K-1", values: {} }, fieldErrors: [] });
  });

  test.each(["keep", "clear"] as const)("that says nothing at all is no customer, with %s", (empty) => {
    const { fieldErrors } = row(["External id", "First name", "Total"], ["", " ", "500"], { empty });
    expect(fieldErrors).toMatchObject([
      { in: "body", path: "", code: "REQUEST_INVALID", message: "has no values in the imported columns" },
    ]);
  });

  test("clears by empty cells where that is asked for, but never the id", () => {
    const headings = ["Id", "External id", "First name", "Interests", "Tags"];
    expect(byLabel(row(headings, ["", "", " ", " ; ", ""], { empty: "clear" }))).toEqual({
      external_id: null,
      tag_ids: null,
      values: { "First name": null, Interests: null },
    });
  });

  test("says nothing by cells that are missing at its end", () => {
    for (const empty of ["keep", "clear"] as const) {
      const read = row(["First name", "Last name", "Tags"], ["Anne"], { empty });
      expect(read.fieldErrors).toEqual([]);
      expect(byLabel(read)).toEqual({ values: { "First name": "Anne" } });
    }
  });

  test("must not have more cells than the file has columns, unless they are empty", () => {
    expect(row(["First name"], ["Anne", "", " "]).fieldErrors).toEqual([]);
    expect(row(["First name"], ["Anne", "", "Lee", ""]).fieldErrors).toMatchObject([
      {
        in: "body",
        path: "",
        code: "REQUEST_INVALID",
        message: expect.stringContaining("3 cells but the file has 1 columns"),
      },
    ]);
  });

  test("is read without columns that are nothing, left out or nobody's to write", () => {
    const headings = ["First name", "Shoe", "created_at", "import_code", "Notes"];
    expect(byLabel(row(headings, ["Anne", "x", "x", "x", "x"], {}, { Notes: null }))).toEqual({
      values: { "First name": "Anne" },
    });
  });

  test("tells of every cell that cannot be read, by its column", () => {
    const { fieldErrors, record } = row(
      ["Birthday", "Newsletter", "Score", "", "City"],
      ["soon", "perhaps", "many", "a\u0000", "Ulm"],
      {},
      { "#4": "notes" },
    );
    expect(fieldErrors.map(({ path, code }) => [path, code])).toEqual([
      ["Birthday", "FIELD_VALUE_INVALID"],
      ["Newsletter", "FIELD_VALUE_INVALID"],
      ["Score", "FIELD_VALUE_INVALID"],
      ["#4", "REQUEST_INVALID"],
    ]);
    expect(Object.values(record.values!)).toEqual(["Ulm"]);
  });

  test("fills fields that the import has made", () => {
    const { columns } = columnsOf(definitions, ["Since"], { Since: { create: { type: "DATE" } } });
    expect(() => openRowReader(columns, { tagNames })).toThrow("has not been made");
    const made = columns.map((column) => ({
      ...column,
      target: { ...column.target, fieldId: "new" } as typeof column.target,
    }));
    const read = openRowReader(made, { tagNames, dateFormat: "D.M.YYYY" });
    expect(read({ line: 2, cells: ["1.2.2020"] }).record.values).toEqual({ new: "2020-02-01" });
  });
});

describe("a cell", () => {
  test.each<[string, string, Options, unknown]>([
    // text passes unchanged; the field validates it
    ["First name", " Änne  Lee ", {}, " Änne  Lee "],
    ["Zip code", "01067", {}, "01067"],
    ["E-mail", "nobody", {}, "nobody"],
    // the prefix of a formula-safe export
    ["First name", "'=1+1", {}, "=1+1"],
    ["First name", "''=1+1", {}, "'=1+1"],
    ["First name", "'n Name", {}, "'n Name"],
    ["Mobile phone", "'+49123456789", {}, "+49123456789"],
    ["Score", "'-3.5", {}, "-3.5"],
    // days
    ["Birthday", "1990-02-01", {}, "1990-02-01"],
    ["Birthday", "1990-02-01T00:00:00Z", {}, "1990-02-01"],
    ["Birthday", "1.2.1990", {}, invalid("set the date format")],
    ["Birthday", "02/01/1990", {}, invalid("set the date format")],
    ["Birthday", "1.2.1990", { dateFormat: "DD.MM.YYYY" }, "1990-02-01"],
    ["Birthday", "02/01/1990", { dateFormat: "MM/DD/YYYY" }, "1990-02-01"],
    ["Birthday", "1990-02-01", { dateFormat: "MM/DD/YYYY" }, "1990-02-01"],
    [
      "Birthday",
      "31.2.1990",
      { dateFormat: "DD.MM.YYYY" },
      invalid("is not a date in the format DD.MM.YYYY"),
    ],
    ["Birthday", "1.2.27", { dateFormat: "D.M.YY", latestYear: 2026 }, "1927-02-01"],
    ["Birthday", "1.2.27", { dateFormat: "D.M.YY", latestYear: 2027 }, "2027-02-01"],
    // phones
    ["Mobile phone", " +49 123 456789", {}, "+49 123 456789"],
    ["Mobile phone", '{"number":"123456789","country":"DE"}', {}, '{"number":"123456789","country":"DE"}'],
    ["Mobile phone", "0123 456789", { defaultCountry: "de" }, '{"number":"0123 456789","country":"DE"}'],
    ["Mobile phone", "0123 456789", {}, invalid("default country")],
    // numbers
    ["Score", "1.234,56", { decimal: "," }, "1234.56"],
    ["Score", "1,234.56", { decimal: "." }, "1234.56"],
    ["Score", "1,234", {}, invalid("set the decimal separator")],
    ["Score", "1234.56", { decimal: "," }, invalid('with "," as its decimal separator')],
    // yes and no
    ...["true", "1", "YES", "ja", "x", "Oui", "si", "Sí", "WAHR", "tak"].map(
      (value): [string, string, Options, string] => ["Newsletter", value, {}, "true"],
    ),
    ...["false", "0", "No", "nein", "NON", "não", "FALSCH", "nie"].map(
      (value): [string, string, Options, string] => ["Newsletter", value, {}, "false"],
    ),
    ["Newsletter", "perhaps", {}, invalid("yes or no")],
    // options: value, label, either in another case; of those that can be chosen first
    ["Size", "m", {}, "m"],
    ["Size", "Medium", {}, "m"],
    ["Size", "MEDIUM", {}, "m"],
    ["Size", "small", {}, "s"],
    ["Size", "tiny", {}, "gone"],
    // a value takes precedence over another option's label: exports contain values
    ["Size", "GONE", {}, "GONE"],
    ["Size", "Large", {}, "xl"],
    ["Size", "large", {}, invalid("label of several options")],
    ["Size", "huge", {}, "huge"],
    ["Salutation", "MR", {}, "mr"],
    ["Interests", "Golf; skiing", {}, ["golf", "ski"]],
    ["Interests", "golf|Skiing", { listSeparator: "|" }, ["golf", "ski"]],
    ["Interests", '["Golf","ski"]', {}, ["golf", "ski"]],
    ["Interests", "golf; chess", {}, ["golf", "chess"]],
  ])("of %s: %j with %j is %j", (label, text, options, value) => {
    expect(cell(label, text, options)).toEqual(value);
  });

  test("of tags names them or their ids, and each that there is not is told", () => {
    expect(row(["tags"], [`GOLD;${vipId}`]).record.tag_ids).toEqual([goldId, vipId]);
    expect(row(["Tag ids"], [vipId]).record.tag_ids).toEqual([vipId]);
    expect(row(["tags"], ["Gold; Silver; Iron"]).fieldErrors).toMatchObject([
      {
        in: "body",
        path: "tags",
        code: "TAG_UNKNOWN",
        message: expect.stringContaining('"Silver", "Iron"'),
      },
    ]);
  });

  test.each([
    ["+49 123 456789", undefined, "+49123456789"],
    ["00 49 123 456789", undefined, "+49123456789"],
    ["0049 (0)123 456789", "FR", "+49123456789"],
    ["0049123456789", "US", "+49123456789"],
    ["011 49 123 456789", "US", "+49123456789"],
    ["0011 49 123 456789", "AU", "+49123456789"],
    ["0123 456789", "DE", "+49123456789"],
    ["123456789", "DE", "+49123456789"],
    ["00(49)123 456789", undefined, "+49123456789"],
    ["0123/456789", "DE", "+49123456789"],
    ["(0123) 45 67-89", "DE", "+49123456789"],
    ["(212) 555-2368", "US", "+12125552368"],
    ["06 12345678", "IT", "+390612345678"],
  ])("of a phone: %s in %s is %s", (text, defaultCountry, phone) => {
    const field = definitions.byDefaultId.get("mobilePhone")!;
    const written = cell("Mobile phone", text, { defaultCountry }) as string;
    const read = readValue(field, { value: written }, null);
    expect(JSON.parse((read as { value: string }).value).phone).toBe(phone);
  });

  test("of every type is one that the field takes", () => {
    const typed: Record<FieldType, string> = {
      TEXT: "First name",
      TEXTAREA: "Notes",
      EMAIL: "E-mail",
      PHONE: "Mobile phone",
      DATE: "Birthday",
      SELECT: "Size",
      NUMBER: "Score",
      CHECKBOX: "Newsletter",
      URL: "Site",
      MULTI_SELECT: "Interests",
    };
    const headings = Object.values(typed);
    const cells = [
      "Anne",
      "a\nb",
      "a@b.de",
      "0123 456789",
      "1.2.90",
      "Medium",
      "1.000,5",
      "ja",
      "https://a.b",
      "Golf",
    ];
    const options: Options = { dateFormat: "D.M.YY", decimal: ",", defaultCountry: "DE", latestYear: 2026 };
    const { record, fieldErrors } = row(headings, cells, options);
    expect(fieldErrors).toEqual([]);
    const read = readRow(definitions, 0, record, { unknownFields: "error" });
    expect(read.fieldErrors).toEqual([]);
    expect(read.fields.map((write) => readFieldWrite(write, null))).toEqual([
      { value: "Anne" },
      { value: "a\nb" },
      { value: "a@b.de" },
      { value: expect.stringContaining("+49123456789") },
      { value: "1990-02-01" },
      { value: "m" },
      { value: "1000.5" },
      { value: "true" },
      { value: "https://a.b" },
      { value: ["golf"] },
    ]);
  });
});

test("options that cannot be followed are refused", () => {
  expect(errorsOfCellOptions({})).toEqual([]);
  expect(errorsOfCellOptions({ dateFormat: "DD.MM.YYYY", defaultCountry: "de", listSeparator: "|" })).toEqual(
    [],
  );
  const fieldErrors = errorsOfCellOptions({ dateFormat: "", defaultCountry: "Germany", listSeparator: "" });
  expect(fieldErrors.map(({ path }) => path)).toEqual(["date_format", "default_country", "list_separator"]);
});

const febrl = await readFile("../shared/data/febrl/dataset1.csv", "utf8").catch(() => null);
test.skipIf(febrl === null)("people of FEBRL 1 are read (skipped where the file is absent)", () => {
  const [headings = [], ...rows] = febrl!
    .trim()
    .split("\n")
    .map((line) => line.split(",").map((part) => part.trim()));
  const { columns } = columnsOf(definitions, headings, { rec_id: "external_id" });
  expect(columns.filter(({ target }) => target === null).map(({ heading }) => heading)).toEqual([
    "street_number",
    "address_2",
    "suburb",
    "state",
    "soc_sec_id",
  ]);
  const read = openRowReader(columns, { tagNames, dateFormat: "YYYYMMDD" });
  const invalid = rows.filter((cells, index) => read({ line: index + 2, cells }).fieldErrors.length > 0);
  // Some of the copies were damaged by hand.
  expect(rows).toHaveLength(1_000);
  expect(invalid.length).toBeLessThan(30);
});
