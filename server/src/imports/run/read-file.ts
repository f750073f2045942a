import { bodyError, Problem, problemOf } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import { importOptionsOfBody } from "@clientele/contract/import-rows";
import { withDefinitions } from "../../custom-fields/definitions.ts";
import { sql } from "../../database/sql.ts";
import { newIdAt } from "../../ids/new-id.ts";
import { compileCheck } from "../../validation/schema-check.ts";
import { findColumns, isUnmapped } from "../columns/mapped-columns.ts";
import { readJsonOptions } from "../files/json.ts";
import { bytesOf } from "../files/upload-storage.ts";
import { type ImportOptions, isDryRun, withBodyOptions } from "../job/options.ts";
import * as store from "../job/store.ts";
import { Cancelled, type Work } from "./import-context.ts";
import { openSource } from "./row-source.ts";

const samplesMax = 3;
const sampleLengthMax = 80;
const toldEveryMs = 1_000;

const checkOptions = compileCheck(importOptionsOfBody, "body");

/** What is known of a file that was read to its end. */
export type ReadFile = {
  rowsTotal: number;
  columns: store.StoredColumn[];
  options: ImportOptions;
  dryRun: boolean;
};

/** Reads the file to its end, and finds what its columns mean. Throws what stands in the way of importing it. */
export async function readWhole(work: Work): Promise<ReadFile> {
  const { job, reading, signal } = work;
  const file = { type: job.fileType!, encoding: job.fileEncoding as never };
  const { options, dryRun } =
    file.type === "json" ? await readOptions(work) : { options: job.options, dryRun: job.dryRun };
  const began = performance.now();
  let told = began;
  let bytesRead = 0;
  const bytes = bytesOf(reading, job.fileId!, (read) => {
    bytesRead = read;
  });
  const source = await openSource(file, bytes, options);
  try {
    const { columns, refusal } = await columnsOf(work, source.headings, options);
    let rowsTotal = 0;
    for await (const batch of source.batches) {
      rowsTotal += batch.length;
      for (const row of batch) if ("cells" in row) sample(columns, row.cells);
      if (refusal !== null && rowsTotal > 0) break;
      if (performance.now() - told < toldEveryMs) continue;
      told = performance.now();
      if (signal.aborted) throw new Cancelled();
      const progress = Math.min(bytesRead / Math.max(job.fileSizeBytes ?? 1, 1), 1);
      await work.step(({ database }) =>
        database.batch([
          store.recordProgress(database.enterpriseId, job.id, progress, Math.round(told - began)),
        ]),
      );
    }
    if (refusal === null) return { rowsTotal, columns, options, dryRun };
    // What the columns hold tells whoever is to say what they are.
    await work.step(({ database, now }) =>
      database.batch([store.enterPhase(database.enterpriseId, job.id, "reading", now, { columns })]),
    );
    throw refusal;
  } finally {
    await source.close();
  }
}

async function readOptions({ job, reading }: Work): Promise<Pick<ReadFile, "options" | "dryRun">> {
  const written = await readJsonOptions(bytesOf(reading, job.fileId!));
  const fieldErrors = checkOptions(written);
  if (fieldErrors.length > 0) throw problemOf(fieldErrors);
  return { options: withBodyOptions(job.options, written), dryRun: isDryRun(job.dryRun, written) };
}

/** The columns, and why the import stops when they are not what it needs. */
async function columnsOf(
  { job, reading, now }: Work,
  headings: readonly string[] | null,
  options: ImportOptions,
): Promise<{ columns: store.StoredColumn[]; refusal: Problem | null }> {
  if (headings === null) return { columns: [], refusal: null };
  const moment = now();
  const { columns, fieldErrors } = await withDefinitions(reading, async (definitions) => {
    // So that the definitions are those of now.
    await reading.batch([sql`select`]);
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
