import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { type Sql, sql } from "../database/sql.ts";

export type Company = {
  id: string;
  externalId: string | null;
  name: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
};

const columns = sql`id, external_id as "externalId", name, version, created_at as "createdAt", updated_at as "updatedAt"`;

export const listAll = (database: EnterpriseDatabase): Promise<Company[]> =>
  database.many(
    sql<Company>`select ${columns} from companies where enterprise_id = ${database.enterpriseId} order by created_at, name`,
  );

/** Attributes that the journal records. */
export const journaledAttributes = ["externalId", "name"] as const satisfies readonly (keyof Company)[];

/** Locks the company until the transaction ends. */
export async function lock(database: EnterpriseDatabase, id: string): Promise<Company | undefined> {
  return database.maybeOne(
    sql<Company>`select ${columns} from companies where enterprise_id = ${database.enterpriseId} and id = ${id} for update`,
  );
}

export const update = (enterpriseId: string, company: Company): Sql =>
  sql`update companies set external_id = ${company.externalId}, name = ${company.name}, version = ${company.version},
        updated_at = ${company.updatedAt}
      where enterprise_id = ${enterpriseId} and id = ${company.id}`;

export const insert = (
  enterpriseId: string,
  { id, externalId, name }: Pick<Company, "id" | "externalId" | "name">,
  now: Date,
): Sql =>
  sql`insert into companies (enterprise_id, id, external_id, name, created_at, updated_at)
      values (${enterpriseId}, ${id}, ${externalId}, ${name}, ${now}, ${now})`;
