import { readCsv } from "./csv-file.ts";
import type { Dataset, PlannedCustomer, Warning } from "./dataset.ts";

const columns = [
  "rec_id",
  "given_name",
  "surname",
  "street_number",
  "address_1",
  "address_2",
  "suburb",
  "postcode",
  "state",
  "date_of_birth",
  "soc_sec_id",
] as const;

type Row = Record<(typeof columns)[number], string>;

/** Reads a FEBRL dataset from its CSV file. FEBRL datasets contain duplicates with errors. */
export function febrlDataset(file: string): Dataset {
  const rows = readCsv(file, columns);
  const warnings: Warning[] = [];
  return {
    category: { external_id: "febrl", name: "FEBRL" },
    fields: [
      { external_id: "febrl-address-2", label: "Address line 2", type: "TEXT" },
      { external_id: "febrl-suburb", label: "Suburb", type: "TEXT", is_searchable: true },
      { external_id: "febrl-state", label: "State", type: "TEXT" },
      { external_id: "febrl-soc-sec-id", label: "Social security id", type: "TEXT", is_searchable: true },
    ],
    tags: [],
    customers: rows.map((row) => customerOf(row, warnings)),
    events: [],
    warnings,
  };
}

function customerOf(row: Row, warnings: Warning[]): PlannedCustomer {
  const birthday = parseDate(row.date_of_birth);
  if (birthday === null)
    warnings.push({
      customer: row.rec_id,
      message: `date_of_birth ${row.date_of_birth} is not a valid date; left out.`,
    });
  return {
    externalId: row.rec_id,
    values: {
      firstName: row.given_name,
      lastName: row.surname,
      street: [row.street_number, row.address_1].filter(Boolean).join(" "),
      "febrl-address-2": row.address_2,
      zipcode: row.postcode,
      "febrl-suburb": row.suburb,
      "febrl-state": row.state,
      birthday: birthday ?? undefined,
      "febrl-soc-sec-id": row.soc_sec_id,
    },
  };
}

/** Parses `19300213` to `1930-02-13`: undefined for an empty text, null for an invalid date. */
export function parseDate(text: string): string | null | undefined {
  if (text === "") return undefined;
  const day = text.replace(/^(\d{4})(\d\d)(\d\d)$/, "$1-$2-$3");
  const date = new Date(day);
  return /^\d{4}-/.test(day) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
    ? day
    : null;
}
