import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { type Sql, sql } from "../database/sql.ts";

export type App = {
  id: string;
  name: string;
  secretVersion: number;
  scopes: readonly string[];
  companyIds: readonly string[] | null;
  createdAt: Date;
  rotatedAt: Date | null;
  revokedAt: Date | null;
};

const columns = sql`id, name, secret_version as "secretVersion", scopes, company_ids as "companyIds",
  created_at as "createdAt", rotated_at as "rotatedAt", revoked_at as "revokedAt"`;

export async function find(
  database: EnterpriseDatabase,
  id: string,
): Promise<(App & { secretHash: string }) | undefined> {
  const [app] = await database.query<App & { secretHash: string }>(
    sql`select ${columns}, secret_hash as "secretHash" from apps
        where enterprise_id = ${database.enterpriseId} and id = ${id}`,
  );
  return app;
}

export const list = (database: EnterpriseDatabase): Promise<App[]> =>
  database.query<App>(
    sql`select ${columns} from apps where enterprise_id = ${database.enterpriseId} order by created_at, id`,
  );

export type NewApp = Pick<App, "id" | "name" | "scopes" | "companyIds"> & { secretHash: string };

export const insert = (enterpriseId: string, app: NewApp, now: Date): Sql =>
  sql`insert into apps (enterprise_id, id, name, secret_hash, scopes, company_ids, created_at)
      values (${enterpriseId}, ${app.id}, ${app.name}, ${app.secretHash}, ${app.scopes}, ${app.companyIds}, ${now})`;

/** The new secret is the only one from now on: the version moves, and tokens of the old one stop. */
export const rotate = (enterpriseId: string, id: string, secretHash: string, now: Date): Sql =>
  sql`update apps set secret_hash = ${secretHash}, secret_version = secret_version + 1, rotated_at = ${now}
      where enterprise_id = ${enterpriseId} and id = ${id} and revoked_at is null returning id`;

export const revoke = (enterpriseId: string, id: string, now: Date): Sql =>
  sql`update apps set revoked_at = ${now}
      where enterprise_id = ${enterpriseId} and id = ${id} and revoked_at is null returning id`;
