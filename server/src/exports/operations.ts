import type { File } from "@clientele/contract/envelopes";
import { type FieldError, problemOf } from "@clientele/contract/errors";
import type * as contract from "@clientele/contract/exports";
import { exportTypes } from "@clientele/contract/exports";
import { writeXlsx } from "@clientele/xlsx/write";
import type { Call, Operation } from "../call.ts";
import { type Definitions, withDefinitions } from "../custom-fields/definitions.ts";
import { everyMatch } from "../customers/list/all-matches.ts";
import { loadCallerFor } from "../customers/list/conditions.ts";
import { readListQuery } from "../customers/list/query.ts";
import { readSelection } from "../customers/list/selection.ts";
import { byteOrderMark, csvLine } from "../tables/csv-line.ts";
import { keepApostrophes } from "../tables/formula.ts";
import { inChunks } from "../tables/text-chunks.ts";
import { cellWriter } from "./cells.ts";
import { type ExportColumn, readColumns } from "./columns.ts";
import { customerOf, exportedColumns } from "./customer.ts";
import { lineWriter } from "./lines.ts";

const rowsPerRead = 1_000;
// Millions of rows without an index for the requested order are sorted before the first one arrives.
const readTimeout = "10min";

export const exportCustomers: Operation<typeof contract.exportCustomers> = (call, { query }) =>
  withDefinitions(call.database, (definitions) => {
    const { format = "csv", delimiter = ",", fields, ...listed } = query;
    const { request, fieldErrors } = readListQuery(definitions, listed);
    const { columns, fieldErrors: ofColumns } = readColumns(definitions, format, fields);
    const exported = { request, columns, format, delimiter, fieldErrors: [...fieldErrors, ...ofColumns] };
    return fileOf(call, definitions, exported);
  });

export const exportSelection: Operation<typeof contract.exportSelection> = (call, { body }) =>
  withDefinitions(call.database, (definitions) => {
    const { format = "csv", delimiter = ",", fields, selection, ...order } = body;
    const { filters, fieldErrors } = readSelection(definitions, selection);
    const ordered = readListQuery(definitions, order);
    const { columns, fieldErrors: ofColumns } = readColumns(definitions, format, fields);
    for (const error of [...ordered.fieldErrors, ...ofColumns]) fieldErrors.push({ ...error, in: "body" });
    const request = { ...ordered.request, filters, exceptIds: selection.except_ids ?? [] };
    return fileOf(call, definitions, { request, columns, format, delimiter, fieldErrors });
  });

type ExportRequest = {
  request: Parameters<typeof everyMatch>[2];
  columns: readonly ExportColumn[];
  format: contract.ExportFormat;
  delimiter: string;
  fieldErrors: readonly FieldError[];
};

/** Reads all rows from one snapshot and writes them while they are sent. */
async function fileOf(
  { database, now }: Call,
  definitions: Definitions,
  { request, columns, format, delimiter, fieldErrors }: ExportRequest,
): Promise<File> {
  if (fieldErrors.length > 0) {
    // Authorizes the caller before it sees validation errors.
    await database.batch([]);
    throw problemOf(fieldErrors);
  }
  await loadCallerFor(database, request.filters);
  const rows = database.stream(everyMatch(database, exportedColumns, request), rowsPerRead, readTimeout);
  const first = await rows.next();
  // Rows of newer definitions are not written by older ones: `withDefinitions` repeats the read.
  if (database.session.definitionsRevision !== definitions.revision) await rows.return(undefined);
  const customers = startingWith(first.done ? [] : first.value, rows);
  return {
    type: format === "csv" ? `${exportTypes.csv}; charset=utf-8` : exportTypes[format],
    name: `customers-${now.toISOString().slice(0, 10)}.${format}`,
    pieces: writers[format](definitions, columns, customers, delimiter),
  };
}

type CustomerRow = (string | null)[];

async function* startingWith(
  first: CustomerRow[],
  rest: AsyncGenerator<CustomerRow[]>,
): AsyncGenerator<CustomerRow[]> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

type Write = (
  definitions: Definitions,
  columns: readonly ExportColumn[],
  customers: AsyncGenerator<CustomerRow[]>,
  delimiter: string,
) => File["pieces"];

const writers: Record<keyof typeof exportTypes, Write> = {
  csv: (definitions, columns, customers, delimiter) => {
    const { headings, cellsOf } = cellWriter(definitions, columns);
    const head = byteOrderMark + csvLine(headings, delimiter);
    return inChunks(head, customers, (row) => csvLine(cellsOf(customerOf(row)), delimiter));
  },
  ndjson: (definitions, columns, customers) => {
    const lineOf = lineWriter(definitions, columns);
    return inChunks("", customers, (row) => lineOf(customerOf(row)));
  },
  xlsx: (definitions, columns, customers) => {
    const { headings, cellsOf } = cellWriter(definitions, columns);
    const rows = async function* () {
      for await (const batch of customers)
        yield batch.map((row) => cellsOf(customerOf(row)).map(keepApostrophes));
    };
    return writeXlsx("Customers", headings.map(keepApostrophes), rows());
  },
};
