import { describe, expect, test } from "vitest";
import { defaultLabels } from "../../custom-fields/default-labels.ts";
import { headingKey } from "../../tables/heading-text.ts";
import { definitionsWith } from "../../testing/definitions.ts";
import { type Column, columnsOf, headingOf } from "./columns.ts";
import type { Mapping } from "./mapping.ts";

const loyaltyId = "aaaaaaaaaaaaaaaaaaaaaaaa";
const definitions = definitionsWith([
  { label: "Loyalty", id: loyaltyId, externalId: "loyalty-card" },
  { label: "version" },
  { label: "Shoe size", type: "NUMBER" },
]);

/** The target of a column, in one word. */
function wordOf({ target }: Column): string | null {
  switch (target?.kind) {
    case "field":
      return target.field.defaultId || target.field.label;
    case "attribute":
      return `(${target.attribute})`;
    case "create":
      return `new ${target.type} ${target.label}`;
    case "ignored":
      return target.because;
    default:
      return null;
  }
}

function map(headings: readonly string[], given?: Mapping, of = definitions) {
  const { columns, fieldErrors } = columnsOf(of, headings, given);
  return { words: columns.map(wordOf), columns, fieldErrors };
}

describe("a heading means", () => {
  test.each([
    // attributes
    ["id", "(id)", "attribute"],
    ["external_id", "(external_id)", "attribute"],
    ["externalId", "(external_id)", "attribute"],
    ["External ID", "(external_id)", "attribute"],
    ["import-customer-id", "(import_customer_id)", "attribute"],
    ["Booker id", "(booker_id)", "attribute"],
    ["Tags", "(tags)", "attribute"],
    ["tagIds", "(tag_ids)", "attribute"],
    // fields
    [loyaltyId, "Loyalty", "id"],
    ["loyalty-card", "Loyalty", "id"],
    ["Loyalty", "Loyalty", "label"],
    [" LOYALTY ", "Loyalty", "label"],
    ["shoe_size", "Shoe size", "label"],
    ["ＳＨＯＥ size", "Shoe size", "label"],
    ["firstName", "firstName", "defaultId"],
    ["first_name", "firstName", "label"],
    ["'Loyalty", null, null],
    // default fields in other words and languages
    ["Vorname", "firstName", "label"],
    ["Given name", "firstName", "label"],
    ["given_name", "firstName", "label"],
    ["Prénom", "firstName", "label"],
    ["PRENOM", "firstName", "label"],
    ["Nombre", "firstName", "label"],
    ["Imię", "firstName", "label"],
    ["Surname", "lastName", "label"],
    ["Familienname", "lastName", "label"],
    ["Cognome", "lastName", "label"],
    ["Email address", "email", "label"],
    ["EMAIL", "email", "label"],
    ["Handy", "mobilePhone", "label"],
    ["Cell Phone", "mobilePhone", "label"],
    ["Telefon", "landlinePhone", "label"],
    ["PLZ", "zipcode", "label"],
    ["Postleitzahl", "zipcode", "label"],
    ["PostalCode", "zipcode", "label"],
    ["STRASSE", "street", "label"],
    ["Geburtsdatum", "birthday", "label"],
    ["date_of_birth", "birthday", "label"],
    ["DOB", "birthday", "label"],
    ["Company name", "companyName", "defaultId"],
    ["Firma", "companyName", "label"],
    ["Anrede", "salutation", "label"],
    ["Title", "salutation", "label"],
    // read-only attributes
    ["created_at", "read-only", "attribute"],
    ["Updated At", "read-only", "attribute"],
    ["totalBookings", "read-only", "attribute"],
    ["full_name", "read-only", "attribute"],
    ["version", "version", "label"],
    ["import_line", "report", "attribute"],
    ["import_message", "report", "attribute"],
    // ambiguous headings
    ["Name", null, null],
    ["Customer ID", null, null],
    ["Lieblingsfarbe", null, null],
    ["", null, null],
    [" \u200b", null, null],
    ["constructor", null, null],
  ])("%j: %s, by %s", (heading, word, foundBy) => {
    const { columns, words, fieldErrors } = map([heading]);
    expect(fieldErrors).toEqual([]);
    expect(words).toEqual([word]);
    expect(columns[0]).toMatchObject({ position: 1, heading, foundBy });
  });

  test("the enterprise's own label before what a default field is called elsewhere", () => {
    const own = definitionsWith([{ label: "Telefon" }, { label: "Rufname" }, { label: "TAGS" }]);
    expect(map(["telefon", "Rufname", "Vorname", "TAGS", "tags"], undefined, own).words).toEqual([
      "Telefon",
      "Rufname",
      "firstName",
      "TAGS",
      "(tags)",
    ]);
  });

  test("nothing when only spelling tells two fields apart, and it is spelt as neither", () => {
    const own = definitionsWith([{ label: "Vip" }, { label: "VIP" }]);
    expect(map(["VIP", "Vip", "vip"], undefined, own).words).toEqual(["VIP", "Vip", null]);
  });

  test("what it says behind the apostrophe of a formula-safe file", () => {
    const own = definitionsWith([{ label: "=Total" }]);
    expect(map(["'=Total"], undefined, own).words).toEqual(["=Total"]);
  });
});

describe("two columns of one target", () => {
  test("are an error that names both", () => {
    const { fieldErrors } = map(["Vorname", "x", "Given name"]);
    expect(fieldErrors).toMatchObject([
      {
        in: "body",
        path: "Given name",
        code: "REQUEST_INVALID",
        message: expect.stringMatching(/^"Vorname" \(#1\), "Given name" \(#3\) .*"First name"/),
      },
    ]);
    expect(map(["E-mail", "E-mail"]).fieldErrors).toMatchObject([{ path: "#2" }]);
    expect(map(["tags", "tag_ids"]).fieldErrors).toMatchObject([{ path: "tag_ids" }]);
  });

  test("are none when one of them is named more exactly; the other is asked about", () => {
    expect(map(["Vorname", "First name"])).toMatchObject({ words: [null, "firstName"], fieldErrors: [] });
    expect(map([loyaltyId, "Loyalty"])).toMatchObject({ words: ["Loyalty", null], fieldErrors: [] });
  });

  test("are none when the other can be one that is read by nobody", () => {
    const { id } = definitions.byLabel.get("version")!;
    expect(map(["version", id])).toMatchObject({ words: ["read-only", "version"], fieldErrors: [] });
  });
});

describe("a given mapping", () => {
  test("wins over what the headings mean", () => {
    const headings = ["Kundennummer", "Vorname", "Notes", "", "Nachname"];
    const given = { Kundennummer: "external_id", Vorname: "lastName", notes: null, "#4": loyaltyId };
    expect(map(headings, given)).toMatchObject({
      words: ["(external_id)", "lastName", "asked", "Loyalty", null],
      fieldErrors: [],
    });
  });

  test("names one of several columns of one heading by its place", () => {
    const headings = ["Telefon", "Telefon"];
    expect(map(headings, { "#2": "mobilePhone" })).toMatchObject({
      words: ["landlinePhone", "mobilePhone"],
      fieldErrors: [],
    });
    expect(map(headings, { Telefon: "mobilePhone" }).fieldErrors).toContainEqual(
      expect.objectContaining({ path: "Telefon", message: expect.stringContaining("#1, #2") }),
    );
  });

  test("makes new fields, and takes those that an earlier import has made", () => {
    const headings = ["Lieblingsfarbe", "Schuhgröße", "Loyalty"];
    const given = {
      Lieblingsfarbe: { create: {} },
      schuhgröße: { create: { label: "EU size", type: "NUMBER" } },
      Loyalty: { create: {} },
    };
    expect(map(headings, given)).toMatchObject({
      words: ["new TEXT Lieblingsfarbe", "new NUMBER EU size", "Loyalty"],
      fieldErrors: [],
    });
  });

  test.each([
    [
      { Firma: "companyName" },
      "Firma",
      "REQUEST_INVALID",
      "is not a column of the file; the columns are: A, #2",
    ],
    [{ "#3": "email" }, "#3", "REQUEST_INVALID", "is not a column of the file"],
    [{ "#0": "email" }, "#0", "REQUEST_INVALID", "is not a column of the file"],
    [{ A: "shoe" }, "A", "FIELD_UNKNOWN", 'no field "shoe"; a column can be: id, external_id,'],
    [{ A: "" }, "A", "FIELD_UNKNOWN", "Loyalty"],
    [{ A: "created_at" }, "A", "REQUEST_INVALID", '"created_at" cannot be written'],
    [{ A: "email", "#1": "email" }, "#1", "REQUEST_INVALID", "another entry already maps"],
    [{ A: "email", "#2": "E-mail" }, "#2", "REQUEST_INVALID", '"A" (#1), "" (#2)'],
    [{ "#2": { create: {} } }, "#2", "REQUEST_INVALID", "give the new field a label"],
    [{ A: { create: { type: "SELECT" } } }, "A", "REQUEST_INVALID", "needs options"],
    [{ A: { create: { type: "COLOUR" } } }, "A", "REQUEST_INVALID", "one of TEXT"],
    [{ A: { create: { label: "Loyalty", type: "DATE" } } }, "A", "NAME_TAKEN", "with the type TEXT"],
    [{ A: { create: { label: "x".repeat(256) } } }, "A", "REQUEST_INVALID", "255"],
    [{ A: { create: { label: "a\u0000" } } }, "A", "REQUEST_INVALID", "U+0000"],
    [{ A: { create: { colour: "red" } } }, "A", "REQUEST_INVALID", "must be a field name, null, or"],
    [{ A: 1 }, "A", "REQUEST_INVALID", "must be a field name, null, or"],
    [{ A: {} }, "A", "REQUEST_INVALID", "must be a field name, null, or"],
  ])("%j is an error", (given, path, code, message) => {
    expect(map(["A", ""], given).fieldErrors).toMatchObject([
      { in: "body", path, code, message: expect.stringContaining(message) },
    ]);
  });
});

test("what is wrong with a row is told by headings", () => {
  const { columns } = map(["Nr", "Loyalty", "Tags", "Neu", "E-Mail"], {
    Nr: "external_id",
    Neu: { create: {} },
  });
  const made = columns.map((column) =>
    column.target?.kind === "create"
      ? { ...column, target: { ...column.target, fieldId: "new-id" } }
      : column,
  );
  const { id: emailId } = definitions.byDefaultId.get("email")!;
  const { id: cityId } = definitions.byDefaultId.get("city")!;
  for (const [path, heading] of [
    ["external_id", "Nr"],
    [`values.${loyaltyId}`, "Loyalty"],
    [`values.${loyaltyId}.3`, "Loyalty"],
    [`values.${emailId}`, "E-Mail"],
    ["values.new-id", "Neu"],
    ["tag_ids.0", "Tags"],
    ["", ""],
    ["id", "id"],
    [`values.${cityId}`, `values.${cityId}`],
  ] as const)
    expect(headingOf(made, path), path).toBe(heading);
});

describe("what default fields are called", () => {
  test("never means two fields", () => {
    const owners = new Map<string, string>();
    for (const [defaultId, labels] of Object.entries(defaultLabels)) {
      for (const label of [defaultId, ...Object.values(labels).flat()]) {
        expect(owners.get(headingKey(label)) ?? defaultId, label).toBe(defaultId);
        owners.set(headingKey(label), defaultId);
      }
    }
  });
});
