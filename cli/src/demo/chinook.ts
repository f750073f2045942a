import { join } from "node:path";
import { isValidPhoneNumber } from "libphonenumber-js/min";
import { readCsv } from "./csv-file.ts";
import type { Dataset, EventRow, PlannedCustomer, Warning } from "./dataset.ts";

const customerColumns = [
  "CustomerId",
  "FirstName",
  "LastName",
  "Company",
  "Address",
  "City",
  "State",
  "Country",
  "PostalCode",
  "Phone",
  "Fax",
  "Email",
  "SupportRepId",
] as const;
const invoiceColumns = [
  "InvoiceId",
  "CustomerId",
  "InvoiceDate",
  "BillingAddress",
  "BillingCity",
  "BillingState",
  "BillingCountry",
  "BillingPostalCode",
  "Total",
] as const;

type CustomerRow = Record<(typeof customerColumns)[number], string>;
type InvoiceRow = Record<(typeof invoiceColumns)[number], string>;

/** Reads the customers and invoices of the Chinook sample store from a folder of CSV files. */
export function chinookDataset(folder: string): Dataset {
  const customers = readCsv(join(folder, "customers.csv"), customerColumns);
  const invoices = readCsv(join(folder, "invoices.csv"), invoiceColumns);
  const warnings: Warning[] = [];
  return {
    category: { external_id: "chinook", name: "Chinook" },
    fields: [
      { external_id: "chinook-state", label: "State", type: "TEXT" },
      { external_id: "chinook-fax", label: "Fax", type: "PHONE" },
      {
        external_id: "chinook-phone-as-written",
        label: "Phone as written",
        type: "TEXT",
        is_searchable: true,
      },
      {
        external_id: "chinook-support-rep",
        label: "Support rep",
        type: "SELECT",
        select_options: [...new Set(customers.map((row) => row.SupportRepId))].filter(Boolean).sort(),
      },
    ],
    tags: [],
    customers: customers.map((row) => customerOf(row, warnings)),
    events: invoices.map(eventOf),
    warnings,
  };
}

function customerOf(row: CustomerRow, warnings: Warning[]): PlannedCustomer {
  const warn = (message: string) => warnings.push({ customer: row.CustomerId, message });
  const hasPhone = isValidPhoneNumber(row.Phone);
  if (row.Phone !== "" && !hasPhone)
    warn(`Phone ${row.Phone} is not a valid number; stored in "Phone as written".`);
  const hasFax = isValidPhoneNumber(row.Fax);
  if (row.Fax !== "" && !hasFax) warn(`Fax ${row.Fax} is not a valid number; left out.`);
  return {
    externalId: row.CustomerId,
    values: {
      firstName: row.FirstName,
      lastName: row.LastName,
      companyName: row.Company,
      email: row.Email,
      // All valid numbers in the file are landline numbers.
      landlinePhone: hasPhone ? row.Phone : undefined,
      "chinook-phone-as-written": hasPhone ? undefined : row.Phone,
      "chinook-fax": hasFax ? row.Fax : undefined,
      street: row.Address,
      zipcode: row.PostalCode,
      city: row.City,
      "chinook-state": row.State,
      country: row.Country,
      "chinook-support-rep": row.SupportRepId,
    },
  };
}

/** Invoices do not count as bookings: only events of type `booking` do. */
const eventOf = (row: InvoiceRow): EventRow => ({
  customer_external_id: row.CustomerId,
  external_id: `invoice-${row.InvoiceId}`,
  type: "invoice",
  title: `Invoice ${row.InvoiceId}`,
  start_date: `${row.InvoiceDate}Z`,
  metadata: {
    total: Number(row.Total),
    address: row.BillingAddress,
    city: row.BillingCity,
    state: row.BillingState,
    country: row.BillingCountry,
    postalCode: row.BillingPostalCode,
  },
});
