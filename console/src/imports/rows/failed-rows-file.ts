import type { ImportJob } from "@clientele/sdk";
import { queryOptions } from "@tanstack/react-query";
import Papa from "papaparse";
import { client } from "../../session/client.ts";
import { type Mapping, mappingOf } from "../columns/mapping.ts";
import type { ImportOptions } from "../options/import-options.ts";

/** A row that failed, as the file had it. `extra`: cells that no heading stands over. */
type FailedRow = { line: number; cells: readonly string[]; extra: readonly string[] };
export type FailedFile = { headings: readonly string[]; rows: readonly FailedRow[] };

/** The rows of an import that failed, with their cells. */
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

/** Mended rows as a file to import: text that is quoted where it must be. */
export const fixedRowsFile = (
  name: string,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): File => new File([Papa.unparse([[...headings], ...rows.map((cells) => [...cells])])], name);

/** How the file of mended rows is read: its cells as those of the first file, itself as what it is. */
export const optionsForFixedRows = (options: ImportOptions): ImportOptions => ({
  ...options,
  delimiter: ",",
  encoding: "utf-8",
  sheet: "",
});

/** What its columns are: those of the first file, without the report that it may have had. */
export function mappingForFixedRows(job: ImportJob): Mapping | null {
  if (job.columns.length === 0) return null;
  const fileColumns = job.columns.filter(({ ignored }) => ignored !== "report");
  // The fields that the import has made are there now.
  const before = mappingOf({ ...job, columns: fileColumns.map((column) => ({ ...column, creates: false })) });
  return Object.fromEntries(
    fileColumns.flatMap(({ position }, index) => {
      const choice = before[position];
      return choice === undefined ? [] : [[index + 1, choice]];
    }),
  );
}
