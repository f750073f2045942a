import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { type Sql, sql } from "../database/sql.ts";

export type Company = {
  id: string;
  externalId: string | null;
  name: string;
  createdAt: Date;
  updatedAt: Date;
};

const columns = sql`id, external_id as "externalId", name, created_at as "createdAt", updated_at as "updatedAt"`;

export const listAll = (database: EnterpriseDatabase): Promise<Company[]> =>
  database.query<Company>(
    sql`select ${columns} from companies where enterprise_id = ${database.enterpriseId} order by created_at, name`,
  );

export const insert = (
  enterpriseId: string,
  { id, externalId, name }: Pick<Company, "id" | "externalId" | "name">,
  now: Date,
): Sql =>
  sql`insert into companies (enterprise_id, id, external_id, name, created_at, updated_at)
      values (${enterpriseId}, ${id}, ${externalId}, ${name}, ${now}, ${now})`;
