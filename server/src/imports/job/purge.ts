import { type Caller, type EnterpriseDatabase, writingAs } from "../../database/as-enterprise.ts";
import type { HousekeepingPool } from "../../database/pools.ts";
import { type Sql, sql } from "../../database/sql.ts";
import { enterpriseIds } from "../../enterprises/enterprise-names.ts";
import type { Purge } from "../../jobs/purge.ts";
import { retentionDays } from "./job-answer.ts";

/** A file without an import is an upload that was cut off, or one that was sent twice. No upload lasts this long. */
const unusedFileHours = 24;
/** A piece has at most 1 MiB. */
const chunksPerStatement = 64;
const enterprisesAtOnce = 100;

const isOver = (phase: Sql): Sql => sql`${phase} in ('completed', 'failed', 'cancelled')`;

/** Finished imports, except those that an unfinished plan or undo needs. */
const expiredImports = (now: Date): Sql =>
  sql`from customer_imports i where ${isOver(sql`i.phase`)}
    and i.created_at <= ${now}::timestamptz - make_interval(days => ${retentionDays})
    and not exists (select from customer_imports o
      where o.enterprise_id = i.enterprise_id and i.id in (o.plan_id, o.undoes_id) and not ${isOver(sql`o.phase`)})`;

const unusedFiles = (now: Date): Sql =>
  sql`from import_files f where f.created_at <= ${now}::timestamptz - make_interval(hours => ${unusedFileHours})
    and not exists (select from customer_imports i where i.enterprise_id = f.enterprise_id and i.file_id = f.id)`;

/** The enterprises that have something to delete. */
async function enterprisesDue(housekeeping: HousekeepingPool, now: Date): Promise<string[]> {
  const due = await housekeeping.many(sql<{ id: string }>`
    select e.id from (
      select i.enterprise_id ${expiredImports(now)} union select f.enterprise_id ${unusedFiles(now)}
      limit ${enterprisesAtOnce}) due
    join ${enterpriseIds} e on e.key = due.enterprise_id`);
  return due.map(({ id }) => id);
}

/**
 * Deletes imports one by one, each as a whole so that an undo never meets half of one; then unused files. The undo of
 * an import locks it, and only a session of its enterprise may do so: the purge enters the enterprises that are due.
 */
export const importPurge: Purge = {
  async deletePart({ housekeeping, operator }, now) {
    let deleted = 0;
    for (const enterpriseId of await enterprisesDue(housekeeping, now)) {
      const caller: Caller = { enterpriseId, kind: "operator" };
      deleted += await writingAs(operator, caller, {}, (database) => deleteOf(database, now));
    }
    return deleted;
  },
};

async function deleteOf({ enterpriseId, batch }: EnterpriseDatabase, now: Date): Promise<number> {
  const isOwn = sql`enterprise_id = ${enterpriseId}`;
  const files = sql`${unusedFiles(now)} and f.${isOwn}`;
  const deleted = await batch([
    sql`delete from customer_imports where ${isOwn} and id in (
          select i.id ${expiredImports(now)} and i.${isOwn} order by i.id limit 1 for update skip locked)`,
    sql`delete from import_file_pieces where ${isOwn} and (file_id, piece) in (
          select p.file_id, p.piece from import_file_pieces p
          where p.${isOwn} and p.file_id in (select f.id ${files})
          order by p.file_id, p.piece limit ${chunksPerStatement})`,
    sql`delete from import_files where ${isOwn} and id in (select f.id ${files}
          and not exists (select from import_file_pieces p
            where p.enterprise_id = f.enterprise_id and p.file_id = f.id))`,
  ]);
  return deleted.reduce((sum, { rowCount }) => sum + rowCount, 0);
}
