import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { one, type Sql, sql } from "../database/sql.ts";

export type TagRow = { id: string; name: string; createdAt: Date; updatedAt: Date };

const columns = sql`id, name, created_at as "createdAt", updated_at as "updatedAt"`;

export async function list(
  database: EnterpriseDatabase,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ tags: TagRow[]; total: number }> {
  const { enterpriseId } = database;
  const [tags, { total }] = await database.batch([
    sql<TagRow>`select ${columns} from tags where enterprise_id = ${enterpriseId}
        order by lower(name), id offset ${offset} limit ${limit}`,
    one(sql<{ total: number }>`select count(*) as total from tags where enterprise_id = ${enterpriseId}`),
  ]);
  return { tags, total };
}

export async function find(database: EnterpriseDatabase, id: string): Promise<TagRow | undefined> {
  return database.maybeOne(
    sql<TagRow>`select ${columns} from tags where enterprise_id = ${database.enterpriseId} and id = ${id}`,
  );
}

export const insert = (enterpriseId: string, { id, name, createdAt, updatedAt }: TagRow): Sql =>
  sql`insert into tags (enterprise_id, id, name, created_at, updated_at)
      values (${enterpriseId}, ${id}, ${name}, ${createdAt}, ${updatedAt})`;

export const rename = (enterpriseId: string, { id, name, updatedAt }: TagRow): Sql =>
  sql`update tags set name = ${name}, updated_at = ${updatedAt}
      where enterprise_id = ${enterpriseId} and id = ${id}`;

export const remove = (enterpriseId: string, id: string): Sql =>
  sql`delete from tags where enterprise_id = ${enterpriseId} and id = ${id}`;
