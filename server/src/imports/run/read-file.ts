import { bodyError, Problem, problemOf } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import { importOptionsOfBody } from "@clientele/contract/import-rows";
import { withDefinitions } from "../../custom-fields/definitions.ts";
import { sql } from "../../database/sql.ts";
import { newIdAt } from "../../ids/new-id.ts";
import { required } from "../../validation/required.ts";
import { compileCheck } from "../../validation/schema-check.ts";
import { findColumns, isUnmapped } from "../columns/mapped-columns.ts";
import { readJsonOptions } from "../files/json.ts";
import { bytesOf } from "../files/upload-storage.ts";
import { type ImportOptions, isDryRun, withBodyOptions } from "../job/options.ts";
import * as store from "../job/store.ts";
import { Cancelled, type ImportRun } from "./import-context.ts";
import { openSource } from "./row-source.ts";

const samplesMax = 3;
const sampleLengthMax = 80;
const progressEveryMs = 1_000;

const checkOptions = compileCheck(importOptionsOfBody, "body");

/** What a file contains, known once it is read to its end. */
export type ReadFile = {
  rowsTotal: number;
  columns: store.StoredColumn[];
  options: ImportOptions;
  dryRun: boolean;
};

/** Reads the file to its end and maps its columns. Throws a Problem when it cannot be imported. */
export async function readFile(run: ImportRun): Promise<ReadFile> {
  const { job, database, signal } = run;
  const file = { type: required(job.fileType, "the job's file type"), encoding: job.fileEncoding };
  const { options, dryRun } =
    file.type === "json" ? await readOptions(run) : { options: job.options, dryRun: job.dryRun };
  const startMs = performance.now();
  let reportedMs = startMs;
  let bytesRead = 0;
  const bytes = bytesOf(database, required(job.fileId, "the job's file"), (read) => {
    bytesRead = read;
  });
  const source = await openSource(file, bytes, options);
  try {
    const { columns, refusal } = await columnsOf(run, source.headings, options);
    let rowsTotal = 0;
    for await (const batch of source.batches) {
      rowsTotal += batch.length;
      for (const row of batch) if ("cells" in row) sample(columns, row.cells);
      if (refusal !== null && rowsTotal > 0) break;
      if (performance.now() - reportedMs < progressEveryMs) continue;
      reportedMs = performance.now();
      if (signal.aborted) throw new Cancelled();
      const progress = Math.min(bytesRead / Math.max(job.fileSizeBytes ?? 1, 1), 1);
      await run.step(({ database }) =>
        database.batch([
          store.recordProgress(database.enterpriseId, job.id, progress, Math.round(reportedMs - startMs)),
        ]),
      );
    }
    if (refusal === null) return { rowsTotal, columns, options, dryRun };
    // Stored with samples, so that the user can map the columns.
    await run.step(({ database, now }) =>
      database.batch([store.enterPhase(database.enterpriseId, job.id, "reading", now, { columns })]),
    );
    throw refusal;
  } finally {
    await source.close();
  }
}

async function readOptions({ job, database }: ImportRun): Promise<Pick<ReadFile, "options" | "dryRun">> {
  const bodyOptions = await readJsonOptions(bytesOf(database, required(job.fileId, "the job's file")));
  const fieldErrors = checkOptions(bodyOptions);
  if (fieldErrors.length > 0) throw problemOf(fieldErrors);
  return { options: withBodyOptions(job.options, bodyOptions), dryRun: isDryRun(job.dryRun, bodyOptions) };
}

/** The columns, and the problem that stops the import when they cannot be mapped. */
async function columnsOf(
  { job, database, now }: ImportRun,
  headings: readonly string[] | null,
  options: ImportOptions,
): Promise<{ columns: store.StoredColumn[]; refusal: Problem | null }> {
  if (headings === null) return { columns: [], refusal: null };
  const moment = now();
  const { columns, fieldErrors } = await withDefinitions(database, async (definitions) => {
    // A round trip, so that cached definitions are revalidated.
    await database.batch([sql`select`]);
    return findColumns(definitions, headings, options, () => newIdAt(moment));
  });
  if (fieldErrors.length > 0) return { columns, refusal: problemOf(fieldErrors) };
  const unmapped = columns.filter(isUnmapped);
  if (columns.every(({ target }) => target === null)) {
    const why = reason("COLUMNS_UNMAPPED", { columns: columns.map(({ heading }) => heading) });
    const fieldErrors = [bodyError("", "IMPORT_COLUMNS_UNMAPPED", why)];
    return { columns, refusal: new Problem("IMPORT_COLUMNS_UNMAPPED", { fieldErrors }) };
  }
  if (unmapped.length > 0 && options.unknownFields === "error" && !job.dryRun) {
    const fieldErrors = unmapped.map(({ heading, position }) =>
      bodyError(
        heading.trim() === "" ? `#${position}` : heading,
        "IMPORT_COLUMNS_UNMAPPED",
        reason("COLUMN_UNMAPPED"),
      ),
    );
    return { columns, refusal: new Problem("IMPORT_COLUMNS_UNMAPPED", { fieldErrors }) };
  }
  return { columns, refusal: null };
}

function sample(columns: readonly store.StoredColumn[], cells: readonly string[]): void {
  for (const [at, column] of columns.entries()) {
    const cell = cells[at]?.trim() ?? "";
    if (cell === "" || column.samples.length >= samplesMax) continue;
    const shown = cell.slice(0, sampleLengthMax);
    if (!column.samples.includes(shown)) column.samples.push(shown);
  }
}
