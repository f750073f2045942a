import { Type } from "typebox";
import { CustomerListQuery } from "./customers.ts";
import { closed, ListParameter, OneOf } from "./formats.ts";
import { route } from "./route.ts";
import { Selection } from "./selection.ts";

export const exportFormats = ["csv", "ndjson", "xlsx"] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const exportTypes = {
  csv: "text/csv",
  ndjson: "application/x-ndjson",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
} as const satisfies Record<ExportFormat, string>;

/** The columns of a file besides the fields, as requests spell them. The last three are read-only. */
export const exportAttributes = [
  "id",
  "external_id",
  "import_customer_id",
  "booker_id",
  "tags",
  "created_at",
  "updated_at",
  "total_bookings",
] as const;
export type ExportAttribute = (typeof exportAttributes)[number];

const path = "/v1/enterprise-customers/export";
const columns = `The columns, in this order: ${exportAttributes.join(", ")}, field ids or \`defaultId\`s, or \`fields\` for all fields. Default: all.`;

const form = {
  format: Type.Optional(OneOf(exportFormats, { description: "Default csv." })),
  delimiter: Type.Optional(
    OneOf([",", ";"], { description: "Column delimiter of a CSV file. Default `,`." }),
  ),
};

const answersFile = {
  status: 200,
  shape: "file",
  fileTypes: Object.values(exportTypes),
  answer: Type.String(),
} as const;

export const exportCustomers = route({
  operationId: "exportCustomers",
  method: "GET",
  path,
  group: "Customers",
  summary: "Export customers to a file",
  description:
    "Exports all customers that match the filters, in the requested order, from one consistent snapshot. Importing the file again leaves the customers unchanged. CSV is UTF-8 with a byte order mark; a cell that a spreadsheet would run as a formula is prefixed with an apostrophe, which an import removes. Each line of NDJSON is a row for an import, without unset and read-only attributes.",
  scope: "READ",
  extension: true,
  query: Type.Object({
    ...form,
    ...Type.Omit(CustomerListQuery, ["page", "limit", "cursor", "count", "fields"]).properties,
    fields: ListParameter(Type.String(), columns),
  }),
  ...answersFile,
  errors: ["REQUEST_INVALID", "SORT_UNKNOWN", "FIELD_UNKNOWN"],
});

export const exportSelection = route({
  operationId: "exportSelection",
  method: "POST",
  path,
  group: "Customers",
  summary: "Export selected customers to a file",
  description:
    "Exports the customers of a selection, in the same file formats: customers by id, or the matches of a query except `except_ids`. Nothing is written.",
  scope: "READ",
  onlyReads: true,
  extension: true,
  body: Type.Object(
    {
      selection: Selection,
      ...form,
      ...Type.Pick(CustomerListQuery, ["sort", "sort_type"]).properties,
      fields: Type.Optional(Type.Array(Type.String(), { maxItems: 1_000, description: columns })),
    },
    { ...closed, title: "ExportRequest" },
  ),
  ...answersFile,
  errors: ["REQUEST_INVALID", "SORT_UNKNOWN", "FIELD_UNKNOWN", "FIELD_VALUE_INVALID"],
});
