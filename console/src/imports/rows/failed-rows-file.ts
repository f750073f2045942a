import type { ImportJob } from "@clientele/sdk";
import { queryOptions } from "@tanstack/react-query";
import Papa from "papaparse";
import { client } from "../../session/client.ts";
import { type Mapping, mappingOf } from "../columns/mapping.ts";
import type { ImportOptions } from "../options/import-options.ts";

/** A failed row with its original cells; `extra` has cells beyond the last heading. */
type FailedRow = { line: number; cells: readonly string[]; extra: readonly string[] };
export type FailedFile = { headings: readonly string[]; rows: readonly FailedRow[] };

export const failedFileQuery = (importId: string) =>
  queryOptions({
    queryKey: ["import", importId, "failed-file"],
    queryFn: async ({ signal }) =>
      readFailed(await (await client.fetchImportErrors({ importId }, { signal })).text()),
  });

function readFailed(csv: string): FailedFile {
  const [headings = [], ...rows] = Papa.parse<string[]>(csv.replace(/^\ufeff/, ""), {
    delimiter: ",",
    skipEmptyLines: true,
  }).data;
  const reportAt = headings.lastIndexOf("import_line");
  return {
    headings: headings.slice(0, reportAt),
    rows: rows.map((cells) => ({
      line: Number(cells[reportAt]),
      cells: cells.slice(0, reportAt),
      extra: cells.slice(headings.length),
    })),
  };
}

/** Fixed rows as a CSV file. */
export const fixedRowsFile = (
  name: string,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): File => new File([Papa.unparse([[...headings], ...rows.map((cells) => [...cells])])], name);

/** Options for the fixed rows: cells as in the original file, the file itself as the CSV written here. */
export const optionsForFixedRows = (options: ImportOptions): ImportOptions => ({
  ...options,
  delimiter: ",",
  encoding: "utf-8",
  sheet: "",
});

/** The mapping for the fixed rows, without the report columns that the original file may have had. */
export function mappingForFixedRows(job: ImportJob): Mapping | null {
  if (job.columns.length === 0) return null;
  const fileColumns = job.columns.filter(({ ignored }) => ignored !== "report");
  // Fields that the import created exist now.
  const before = mappingOf({ ...job, columns: fileColumns.map((column) => ({ ...column, creates: false })) });
  return Object.fromEntries(
    fileColumns.flatMap(({ position }, index) => {
      const choice = before[position];
      return choice === undefined ? [] : [[index + 1, choice]];
    }),
  );
}
