import { type Sql, sql } from "../../database/sql.ts";
import type { EnterprisePurge } from "../../jobs/purge.ts";
import { retentionDays } from "./job-answer.ts";

/** A file without an import is an upload that was cut off, or one that was sent twice. No upload lasts this long. */
const unusedFileHours = 24;
/** A piece has at most 1 MiB. */
const chunksPerStatement = 64;

const isOver = (phase: Sql): Sql => sql`${phase} in ('completed', 'failed', 'cancelled')`;

/** Finished imports, except those that an unfinished plan or undo needs. */
const expiredImports = (enterpriseId: Sql | string, now: Date): Sql =>
  sql`from customer_imports i where i.enterprise_id = ${enterpriseId} and ${isOver(sql`i.phase`)}
    and i.created_at <= ${now}::timestamptz - make_interval(days => ${retentionDays})
    and not exists (select from customer_imports o
      where o.enterprise_id = i.enterprise_id and i.id in (o.plan_id, o.undoes_id) and not ${isOver(sql`o.phase`)})`;

const unusedFiles = (enterpriseId: Sql | string, now: Date): Sql =>
  sql`from import_files f where f.enterprise_id = ${enterpriseId}
    and f.created_at <= ${now}::timestamptz - make_interval(hours => ${unusedFileHours})
    and not exists (select from customer_imports i where i.enterprise_id = f.enterprise_id and i.file_id = f.id)`;

/** Deletes imports one by one, each as a whole so that an undo never meets half of one; then unused files. */
export const importPurge: EnterprisePurge = {
  selectExpired: (enterpriseId, now) =>
    sql`select ${expiredImports(enterpriseId, now)} union all select ${unusedFiles(enterpriseId, now)}`,
  async deletePart({ enterpriseId, batch }, now) {
    const isOwn = sql`enterprise_id = ${enterpriseId}`;
    const files = unusedFiles(enterpriseId, now);
    const deleted = await batch([
      sql`delete from customer_imports where ${isOwn} and id in (
            select i.id ${expiredImports(enterpriseId, now)} order by i.id limit 1 for update skip locked)`,
      sql`delete from import_file_pieces where ${isOwn} and (file_id, piece) in (
            select p.file_id, p.piece from import_file_pieces p
            where p.enterprise_id = ${enterpriseId} and p.file_id in (select f.id ${files})
            order by p.file_id, p.piece limit ${chunksPerStatement})`,
      sql`delete from import_files where ${isOwn} and id in (select f.id ${files}
            and not exists (select from import_file_pieces p
              where p.enterprise_id = f.enterprise_id and p.file_id = f.id))`,
    ]);
    return deleted.reduce((sum, { rowCount }) => sum + rowCount, 0);
  },
};
