import type { File } from "@clientele/contract/envelopes";
import { Problem } from "@clientele/contract/errors";
import type * as contract from "@clientele/contract/import-jobs";
import type { Operation } from "../../call.ts";
import { withDefinitions } from "../../custom-fields/definitions.ts";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { recordHeading, reportHeadings } from "../../tables/attributes.ts";
import { inPieces } from "../../tables/chunks.ts";
import { byteOrderMark, csvLine } from "../../tables/csv-line.ts";
import { unprotectFormula } from "../../tables/formula.ts";
import { flatRecords } from "./flat-record.ts";
import type { Result } from "./row-result.ts";
import * as store from "./store.ts";

/** What a row that failed has in the file before and behind what is said of it. */
type Layout = {
  headings: readonly string[];
  cellsOf: (result: Result) => readonly string[];
  headingsBehind: readonly string[];
  cellsBehind: (result: Result) => readonly string[];
};

export const fetchErrors: Operation<typeof contract.fetchImportErrors> = ({ database }, { params }) =>
  withDefinitions(database, async (definitions): Promise<File> => {
    const job = await store.fetchJob(database, params.importId);
    if (!job) throw new Problem("IMPORT_NOT_FOUND");
    const isTable = job.fileType === "csv" || job.fileType === "xlsx";
    const layout =
      job.kind !== "import"
        ? layoutOfCustomers
        : isTable
          ? layoutOfTable(job.columns)
          : layoutOfRecords(flatRecords(definitions));
    const head = csvLine([...layout.headings, ...reportHeadings, ...layout.headingsBehind], ",");
    return {
      type: "text/csv; charset=utf-8",
      name: `${(job.fileName ?? "").replace(/\.[^.]*$/, "") || "import"}-errors.csv`,
      pieces: inPieces(byteOrderMark + head, failedRows(database, job.id), (result) =>
        csvLine([...layout.cellsOf(result), ...reportOf(result), ...layout.cellsBehind(result)], ","),
      ),
    };
  });

async function* failedRows(database: EnterpriseDatabase, importId: string): AsyncGenerator<Result[]> {
  for (const { position, failed } of await store.chunkCounts(database, importId)) {
    const chunk = failed === 0 ? undefined : await store.fetchChunk(database, importId, position);
    yield (chunk?.results ?? []).filter(({ outcome }) => outcome === "failed");
  }
}

/** A row has one line, whatever is wrong with it: it is to be mended and imported once. */
function reportOf({ line, errors = [] }: Result): string[] {
  const all = (pick: (error: (typeof errors)[number]) => string) =>
    errors
      .map(pick)
      .filter((it) => it !== "")
      .join("; ");
  return [`${line}`, all(({ path }) => path), all(({ code }) => code), all(({ message }) => message)];
}

/**
 * The file's own columns where they were, without the report of an import before. Cells that have no heading stand
 * behind all headings, so they are still too many when nobody has mended them.
 */
function layoutOfTable(columns: readonly store.StoredColumn[]): Layout {
  const own = columns.filter(({ ignored }) => ignored !== "report");
  const cells = ({ said }: Result) => (Array.isArray(said) ? (said as readonly string[]) : []);
  return {
    headings: own.map(({ heading }) => unprotectFormula(heading)),
    cellsOf: (result) => own.map(({ position }) => unprotectFormula(cells(result)[position - 1] ?? "")),
    headingsBehind: [],
    cellsBehind: (result) => cells(result).slice(columns.length).map(unprotectFormula),
  };
}

/** Objects as far as they are flat, and the whole of each as it was. */
function layoutOfRecords({ headings, cellsOf }: ReturnType<typeof flatRecords>): Layout {
  const recordOf = ({ said }: Result) => (said && "record" in said ? said.record : undefined);
  return {
    headings,
    cellsOf: (result) => cellsOf(recordOf(result)),
    headingsBehind: [recordHeading],
    cellsBehind: (result) => [JSON.stringify(recordOf(result)) ?? ""],
  };
}

/** Of an undo or a bulk change: the customers that stay as they are. */
const layoutOfCustomers: Layout = {
  headings: ["id"],
  cellsOf: ({ id }) => [id ?? ""],
  headingsBehind: [],
  cellsBehind: () => [],
};
