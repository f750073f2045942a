import type { FieldType } from "@clientele/contract/custom-fields";
import type { ImportKind, ImportPhase } from "@clientele/contract/import-jobs";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { maybeOne, one, type Sql, sql } from "../../database/sql.ts";
import { personNames } from "../../people/person-names.ts";
import type { Encoding } from "../files/encoding.ts";
import type { FileFormat } from "../files/format.ts";
import type { ImportOptions } from "./options.ts";
import type { Result, StoredRowError } from "./row-result.ts";

/** A column of a file, with the meaning found when it was read. */
export type StoredColumn = {
  position: number;
  heading: string;
  target: string | null;
  label: string;
  foundBy: "given" | "id" | "defaultId" | "label" | "attribute" | null;
  creates: boolean;
  /** Set when the import creates the field. */
  type?: FieldType;
  ignored: "asked" | "read-only" | "report" | null;
  samples: string[];
};

export type StoredProblem = {
  code: string;
  message: string;
  details: StoredRowError[];
};

type Tally = {
  created: number;
  updated: number;
  unchanged: number;
  deleted: number;
  failed: number;
  warned: number;
};

export type Job = Tally & {
  id: string;
  kind: ImportKind;
  phase: ImportPhase;
  dryRun: boolean;
  fileId: string | null;
  options: ImportOptions;
  columns: StoredColumn[];
  planId: string | null;
  undoesId: string | null;
  undoneBy: string | null;
  position: number;
  rowsTotal: number | null;
  rowsRead: number;
  progress: number;
  busyMs: number;
  problem: StoredProblem | null;
  cancelRequested: boolean;
  appId: string | null;
  personId: string | null;
  personName: string;
  companyId: string | null;
  requestId: string;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  fileName: string | null;
  fileType: FileFormat | null;
  fileSizeBytes: number | null;
  fileSha256: string | null;
  fileEncoding: Encoding | null;
};

const jobColumns = sql`i.id, i.kind, i.phase, i.dry_run as "dryRun", i.file_id as "fileId", i.options, i.columns,
  i.plan_id as "planId", i.undoes_id as "undoesId", i.position, i.rows_total as "rowsTotal",
  (select u.id from customer_imports u where u.enterprise_id = i.enterprise_id and u.undoes_id = i.id
     and u.phase not in ('failed', 'cancelled') limit 1) as "undoneBy",
  i.rows_read as "rowsRead", i.created, i.updated, i.unchanged, i.deleted, i.failed, i.warned, i.progress,
  i.busy_ms as "busyMs", i.problem, i.cancel_requested as "cancelRequested", i.app_id as "appId",
  i.person_id as "personId", coalesce((select p.name from ${personNames} p
    where (p.enterprise_id, p.id) = (i.enterprise_id, i.person_id)), '') as "personName",
  i.company_id as "companyId", i.request_id as "requestId", i.created_at as "createdAt",
  i.started_at as "startedAt", i.finished_at as "finishedAt", f.name as "fileName", f.type as "fileType",
  f.size_bytes as "fileSizeBytes", f.sha256 as "fileSha256", f.encoding as "fileEncoding"
  from customer_imports i left join import_files f on (f.enterprise_id, f.id) = (i.enterprise_id, i.file_id)`;

export async function fetchJob(database: EnterpriseDatabase, id: string): Promise<Job | undefined> {
  return database.maybeOne(
    sql<Job>`select ${jobColumns} where i.enterprise_id = ${database.enterpriseId} and i.id = ${id}`,
  );
}

export async function listJobs(
  database: EnterpriseDatabase,
  { phase, offset, limit }: { phase: ImportPhase | undefined; offset: number; limit: number },
): Promise<{ jobs: Job[]; total: number }> {
  const { enterpriseId } = database;
  const matching = phase === undefined ? sql`` : sql` and i.phase = ${phase}`;
  const [jobs, { total }] = await database.batch([
    sql<Job>`select ${jobColumns} where i.enterprise_id = ${enterpriseId}${matching}
        order by i.id desc offset ${offset} limit ${limit}`,
    one(
      sql<{
        total: number;
      }>`select count(*) as total from customer_imports i where i.enterprise_id = ${enterpriseId}${matching}`,
    ),
  ]);
  return { jobs, total };
}

/** The newest import of the fingerprint that has not failed and was not cancelled or undone. */
export async function fetchSame(
  database: EnterpriseDatabase,
  fingerprint: string,
  since: Date,
): Promise<Job | undefined> {
  const { enterpriseId } = database;
  const [, job] = await database.batch([
    // Two concurrent requests get the same import.
    sql`select pg_advisory_xact_lock(hashtextextended(${`${enterpriseId}/${fingerprint}`}, 2))`,
    maybeOne(sql<Job>`select ${jobColumns} where i.enterprise_id = ${enterpriseId} and i.fingerprint = ${fingerprint}
          and i.created_at > ${since} and i.phase not in ('failed', 'cancelled') and not exists (
            select from customer_imports u where u.enterprise_id = ${enterpriseId} and u.undoes_id = i.id
              and u.phase not in ('failed', 'cancelled'))
        order by i.id desc limit 1`),
  ]);
  return job;
}

export type NewJob = Pick<
  Job,
  | "id"
  | "kind"
  | "dryRun"
  | "fileId"
  | "options"
  | "columns"
  | "planId"
  | "undoesId"
  | "appId"
  | "personId"
  | "companyId"
> & { fingerprint: string; requestId: string; rowsTotal: number | null };

export const insertJob = (enterpriseId: string, job: NewJob, now: Date): Sql[] => [
  sql`insert into customer_imports (enterprise_id, id, kind, phase, dry_run, file_id, fingerprint, options, columns,
        plan_id, undoes_id, rows_total, app_id, person_id, company_id, request_id, created_at)
      values (${enterpriseId}, ${job.id}, ${job.kind}, 'queued', ${job.dryRun}, ${job.fileId}, ${job.fingerprint},
        ${JSON.stringify(job.options)}, ${JSON.stringify(job.columns)}, ${job.planId}, ${job.undoesId},
        ${job.rowsTotal}, ${job.appId}, ${job.personId}, ${job.companyId}, ${job.requestId}, ${now})`,
  sql`insert into import_queue (enterprise, import) values (${enterpriseId}, ${job.id})`,
];

export async function lockJob(database: EnterpriseDatabase, id: string): Promise<Job | undefined> {
  const { enterpriseId } = database;
  const [, job] = await database.batch([
    sql`select id from customer_imports where enterprise_id = ${enterpriseId} and id = ${id} for update`,
    maybeOne(sql<Job>`select ${jobColumns} where i.enterprise_id = ${enterpriseId} and i.id = ${id}`),
  ]);
  return job;
}

/** Locks the import if it is still in this phase and at this position; "lost" when it is not. */
export async function lockAt(
  database: EnterpriseDatabase,
  { id, phase, position }: Pick<Job, "id" | "phase" | "position">,
): Promise<"held" | "cancelled" | "lost"> {
  const held = await database.maybeOne(
    sql<{ cancelRequested: boolean }>`select cancel_requested as "cancelRequested" from customer_imports
        where enterprise_id = ${database.enterpriseId} and id = ${id} and phase = ${phase} and position = ${position}
        for update`,
  );
  return held === undefined ? "lost" : held.cancelRequested ? "cancelled" : "held";
}

export type Chunk = Omit<Tally, "warned"> & {
  position: number;
  firstRow: number;
  rows: number;
  results: readonly Result[];
};

/** Stores the results of a chunk and advances the position, in the transaction that writes its rows. */
export const recordChunk = (
  enterpriseId: string,
  importId: string,
  chunk: Chunk,
  step: { warned: number; progress: number; busyMs: number },
): Sql[] => [
  sql`insert into import_chunks (enterprise_id, import_id, position, first_row, rows, created, updated, unchanged,
        deleted, failed, results)
      values (${enterpriseId}, ${importId}, ${chunk.position}, ${chunk.firstRow}, ${chunk.rows}, ${chunk.created},
        ${chunk.updated}, ${chunk.unchanged}, ${chunk.deleted}, ${chunk.failed}, ${JSON.stringify(chunk.results)})
      on conflict (enterprise_id, import_id, position) do update
        set created = excluded.created, updated = excluded.updated, unchanged = excluded.unchanged,
            deleted = excluded.deleted, failed = excluded.failed, results = excluded.results`,
  sql`update customer_imports set position = position + 1, rows_read = rows_read + ${chunk.rows},
        created = created + ${chunk.created}, updated = updated + ${chunk.updated},
        unchanged = unchanged + ${chunk.unchanged}, deleted = deleted + ${chunk.deleted},
        failed = failed + ${chunk.failed}, warned = warned + ${step.warned},
        progress = ${step.progress}, busy_ms = busy_ms + ${step.busyMs}
      where enterprise_id = ${enterpriseId} and id = ${importId}`,
];

export const recordProgress = (enterpriseId: string, id: string, progress: number, busyMs: number): Sql =>
  sql`update customer_imports set progress = ${progress}, busy_ms = ${busyMs}
      where enterprise_id = ${enterpriseId} and id = ${id}`;

/** Enters another phase; `recount` resets the counts of the phases before. */
export const enterPhase = (
  enterpriseId: string,
  id: string,
  phase: ImportPhase,
  now: Date,
  known: { rowsTotal?: number | null; columns?: readonly StoredColumn[]; recount?: boolean } = {},
): Sql =>
  sql`update customer_imports set phase = ${phase}, position = 0, progress = 0, busy_ms = 0,
        started_at = coalesce(started_at, ${now}),
        rows_total = coalesce(${known.rowsTotal ?? null}, rows_total),
        columns = coalesce(${known.columns ? JSON.stringify(known.columns) : null}::jsonb, columns)
        ${known.recount ? sql`, rows_read = 0, created = 0, updated = 0, unchanged = 0, deleted = 0, failed = 0, warned = 0` : sql``}
      where enterprise_id = ${enterpriseId} and id = ${id}`;

export const finish = (
  enterpriseId: string,
  id: string,
  phase: "completed" | "failed" | "cancelled",
  now: Date,
  problem: StoredProblem | null = null,
): Sql =>
  sql`update customer_imports set phase = ${phase}, finished_at = ${now}, started_at = coalesce(started_at, ${now}),
        progress = case when ${phase === "completed"} then 1 else progress end,
        problem = ${problem === null ? null : JSON.stringify(problem)}
      where enterprise_id = ${enterpriseId} and id = ${id}`;

export const setOptions = (enterpriseId: string, id: string, options: ImportOptions, dryRun: boolean): Sql =>
  sql`update customer_imports set options = ${JSON.stringify(options)}, dry_run = ${dryRun}
      where enterprise_id = ${enterpriseId} and id = ${id}`;

/** Nothing was written, so the rows are those of a plan. */
export const markAsPlan = (enterpriseId: string, id: string): Sql =>
  sql`update customer_imports set dry_run = true where enterprise_id = ${enterpriseId} and id = ${id}`;

export const requestCancel = (enterpriseId: string, id: string): Sql =>
  sql`update customer_imports set cancel_requested = true where enterprise_id = ${enterpriseId} and id = ${id}`;

export type StoredChunk = { position: number; firstRow: number; results: Result[] };

export async function fetchChunk(
  database: EnterpriseDatabase,
  importId: string,
  position: number,
): Promise<StoredChunk | undefined> {
  return database.maybeOne(
    sql<StoredChunk>`select position, first_row as "firstRow", results from import_chunks
        where enterprise_id = ${database.enterpriseId} and import_id = ${importId} and position = ${position}`,
  );
}

export type ChunkCount = Omit<Tally, "warned"> & { position: number; firstRow: number; rows: number };

export const chunkCounts = (database: EnterpriseDatabase, importId: string): Promise<ChunkCount[]> =>
  database.many(
    sql<ChunkCount>`select position, first_row as "firstRow", rows, created, updated, unchanged, deleted, failed
        from import_chunks where enterprise_id = ${database.enterpriseId} and import_id = ${importId}
        order by position`,
  );

export type ListedResult = Omit<Result, "said">;

/** Rows of a range of chunks, optionally of one outcome. `at` is the index of the row in its chunk. */
export const listResults = (
  database: EnterpriseDatabase,
  importId: string,
  range: { from: number; to: number; outcome: Result["outcome"] | undefined; offset: number; limit: number },
): Promise<{ position: number; at: number; result: ListedResult }[]> =>
  database.many(
    sql<{
      position: number;
      at: number;
      result: ListedResult;
    }>`select c.position, r.place - 1 as at, r.result - 'said' as result
        from import_chunks c cross join lateral jsonb_array_elements(c.results) with ordinality as r(result, place)
        where c.enterprise_id = ${database.enterpriseId} and c.import_id = ${importId}
          and c.position between ${range.from} and ${range.to}
          ${range.outcome === undefined ? sql`` : sql`and r.result ->> 'outcome' = ${range.outcome}`}
        order by c.position, r.place offset ${range.offset} limit ${range.limit}`,
  );

/** The customers of failed rows. */
export const failedIds = async (database: EnterpriseDatabase, importId: string): Promise<string[]> =>
  (
    await database.many(
      sql<{
        id: string;
      }>`select r ->> 'id' as id from import_chunks c cross join lateral jsonb_array_elements(c.results) r
          where c.enterprise_id = ${database.enterpriseId} and c.import_id = ${importId} and c.failed > 0
            and r ->> 'outcome' = 'failed' and r ->> 'id' is not null`,
    )
  ).map(({ id }) => id);
