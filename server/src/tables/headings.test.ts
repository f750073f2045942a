import fc from "fast-check";
import { expect, test } from "vitest";
import { columnsOf } from "../imports/columns/columns.ts";
import { definitionsWith, type FieldSketch } from "../testing/definitions.ts";
import { normalized } from "../text/normalize.ts";
import { protectFormula } from "./formula.ts";
import { readOnlyHeading, templateHeadings } from "./headings.ts";

test("a template has the external id, every active field by its label, and the tags", () => {
  const definitions = definitionsWith([{ label: "Loyalty" }, { label: "Retired", isActive: false }]);
  expect(templateHeadings(definitions)).toEqual([
    "external_id",
    "Salutation",
    "First name",
    "Last name",
    "Company",
    "E-mail",
    "Mobile phone",
    "Landline phone",
    "Street",
    "Zip code",
    "City",
    "Country",
    "Birthday",
    "Notes",
    "Loyalty",
    "tags",
  ]);
});

const idOf = (index: number) => `${index}`.padStart(24, "c");
const label = fc
  .oneof(
    fc.constantFrom(
      "id",
      "tags",
      "Tags",
      "external_id",
      "externalId",
      "External id",
      "version",
      "import_line",
    ),
    fc.constantFrom(
      "Vorname",
      "vorname",
      "firstName",
      "email",
      "E-Mail",
      "birthday",
      "#1",
      "=x",
      "'=x",
      "a'",
    ),
    fc.constantFrom(idOf(0), idOf(1), "card", "CARD", "c-a-r-d"),
    fc.string({ unit: fc.constantFrom("a", "A", "_", "-", " ", "ß", "é", "'", "+") }),
    fc.string({ unit: "grapheme" }),
  )
  .map(normalized)
  .filter((value) => value !== "");
const sketches = fc.uniqueArray(fc.record({ label, externalId: fc.constantFrom("", "card", "id") }), {
  maxLength: 12,
  selector: (value) => value.label,
});

test("a template maps to the same fields, whatever their labels", () => {
  fc.assert(
    fc.property(sketches, (own) => {
      const fields: FieldSketch[] = own
        .filter(({ label }) => !definitionsWith().byLabel.has(label))
        .map((field, index) => ({ ...field, id: idOf(index) }));
      const definitions = definitionsWith(fields);
      // As in a file that is safe to open in a spreadsheet.
      const headings = templateHeadings(definitions).map(protectFormula);
      const { columns, fieldErrors } = columnsOf(definitions, headings, undefined);
      expect(fieldErrors).toEqual([]);
      expect(columns.map(({ target }) => (target?.kind === "field" ? target.field.id : target))).toEqual([
        { kind: "attribute", attribute: "external_id" },
        ...definitions.fields.map(({ id }) => id),
        { kind: "attribute", attribute: "tags" },
      ]);
    }),
  );
});

test("a read-only column never has the heading of a field", () => {
  const headingWith = (...labels: string[]) =>
    readOnlyHeading(definitionsWith(labels.map((label) => ({ label }))), "created_at");
  expect(headingWith()).toBe("created_at");
  expect(headingWith("created_at")).toBe("export_created_at");
  expect(headingWith("Created at")).toBe("export_created_at");

  const definitions = definitionsWith([{ label: "Created at" }, { label: "export_created_at" }]);
  const heading = readOnlyHeading(definitions, "created_at");
  const { columns } = columnsOf(definitions, ["Created at", heading, ...templateHeadings(definitions)], {
    "#1": null,
  });
  expect(columns[1]!.target).toEqual({ kind: "ignored", because: "read-only" });
  expect(columns.at(-2)!.target).toMatchObject({ field: { label: "export_created_at" } });
});
