import type { File } from "@clientele/contract/envelopes";
import { Problem } from "@clientele/contract/errors";
import type * as contract from "@clientele/contract/import-jobs";
import type { Operation } from "../../call.ts";
import { withDefinitions } from "../../custom-fields/definitions.ts";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { recordHeading, reportHeadings } from "../../tables/attributes.ts";
import { byteOrderMark, csvLine } from "../../tables/csv-line.ts";
import { unprotectFormula } from "../../tables/formula.ts";
import { inChunks } from "../../tables/text-chunks.ts";
import { flatRecords } from "./flat-record.ts";
import type { Result } from "./row-result.ts";
import * as store from "./store.ts";

/** The columns of a failed row before and behind the columns of its errors. */
type Layout = {
  headings: readonly string[];
  cellsOf: (result: Result) => readonly string[];
  headingsAfter: readonly string[];
  cellsAfter: (result: Result) => readonly string[];
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
    const head = csvLine([...layout.headings, ...reportHeadings, ...layout.headingsAfter], ",");
    return {
      type: "text/csv; charset=utf-8",
      name: `${(job.fileName ?? "").replace(/\.[^.]*$/, "") || "import"}-errors.csv`,
      pieces: inChunks(byteOrderMark + head, failedRows(database, job.id), (result) =>
        csvLine([...layout.cellsOf(result), ...reportOf(result), ...layout.cellsAfter(result)], ","),
      ),
    };
  });

async function* failedRows(database: EnterpriseDatabase, importId: string): AsyncGenerator<Result[]> {
  for (const { position, failed } of await store.chunkCounts(database, importId)) {
    const chunk = failed === 0 ? undefined : await store.fetchChunk(database, importId, position);
    yield (chunk?.results ?? []).filter(({ outcome }) => outcome === "failed");
  }
}

/** One line per row with all its errors, so that the corrected file contains each row once. */
function reportOf({ line, errors = [] }: Result): string[] {
  const all = (pick: (error: (typeof errors)[number]) => string) =>
    errors
      .map(pick)
      .filter((value) => value !== "")
      .join("; ");
  return [`${line}`, all(({ path }) => path), all(({ code }) => code), all(({ message }) => message)];
}

/**
 * The file's own columns, without those of an earlier errors file. Cells without a heading come last, so that they are
 * reported as surplus again unless they were corrected.
 */
function layoutOfTable(columns: readonly store.StoredColumn[]): Layout {
  const own = columns.filter(({ ignored }) => ignored !== "report");
  const cells = ({ said }: Result) => (Array.isArray(said) ? (said as readonly string[]) : []);
  return {
    headings: own.map(({ heading }) => unprotectFormula(heading)),
    cellsOf: (result) => own.map(({ position }) => unprotectFormula(cells(result)[position - 1] ?? "")),
    headingsAfter: [],
    cellsAfter: (result) => cells(result).slice(columns.length).map(unprotectFormula),
  };
}

/** The flat attributes of each object, and the whole object in the last column. */
function layoutOfRecords({ headings, cellsOf }: ReturnType<typeof flatRecords>): Layout {
  const recordOf = ({ said }: Result) => (said && "record" in said ? said.record : undefined);
  return {
    headings,
    cellsOf: (result) => cellsOf(recordOf(result)),
    headingsAfter: [recordHeading],
    cellsAfter: (result) => [JSON.stringify(recordOf(result)) ?? ""],
  };
}

/** For an undo or a bulk change: the ids of the customers that failed. */
const layoutOfCustomers: Layout = {
  headings: ["id"],
  cellsOf: ({ id }) => [id ?? ""],
  headingsAfter: [],
  cellsAfter: () => [],
};
