import { sql } from "../../database/sql.ts";
import type { Purge } from "../../jobs/purge.ts";
import { keptDays } from "./job-answer.ts";

/** A file that no import has was cut off while it arrived, or has arrived once more. None arrives for so long. */
const strayHours = 24;
/** Of up to 1 MiB each. */
const piecesAtOnce = 64;

/**
 * Imports past their time, one after the other and each as a whole, so that nobody undoes half of one; an import
 * that another one is still at work on stays. Then the files that no import has, piece by piece.
 */
export const imports: Purge = {
  of: "imports",
  async some({ enterpriseId, batch }, now) {
    const mine = sql`enterprise_id = ${enterpriseId}`;
    const stray = sql`from import_files f where f.enterprise_id = ${enterpriseId}
      and f.created_at <= ${now}::timestamptz - make_interval(hours => ${strayHours})
      and not exists (select from customer_imports i where i.enterprise_id = f.enterprise_id and i.file_id = f.id)`;
    const deleted = await batch([
      sql`delete from customer_imports where ${mine} and id in (
            select i.id from customer_imports i
            where i.enterprise_id = ${enterpriseId} and i.phase in ('completed', 'failed', 'cancelled')
              and i.created_at <= ${now}::timestamptz - make_interval(days => ${keptDays})
              and not exists (select from customer_imports o
                where o.enterprise_id = i.enterprise_id and i.id in (o.plan_id, o.undoes_id)
                  and o.phase not in ('completed', 'failed', 'cancelled'))
            order by i.id limit 1 for update skip locked)`,
      sql`delete from import_file_pieces where ${mine} and (file_id, piece) in (
            select p.file_id, p.piece from import_file_pieces p
            where p.enterprise_id = ${enterpriseId} and p.file_id in (select f.id ${stray})
            order by p.file_id, p.piece limit ${piecesAtOnce})`,
      sql`delete from import_files where ${mine} and id in (select f.id ${stray}
            and not exists (select from import_file_pieces p
              where p.enterprise_id = f.enterprise_id and p.file_id = f.id))`,
    ]);
    return deleted.reduce((sum, { rowCount }) => sum + rowCount, 0);
  },
};
