import type { Scope } from "@clientele/contract/route";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { type Sql, sql } from "../database/sql.ts";

export type App = {
  id: string;
  name: string;
  secretVersion: number;
  version: number;
  scopes: readonly Scope[];
  companyIds: readonly string[] | null;
  createdAt: Date;
  rotatedAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
};

export const initialState = {
  secretVersion: 1,
  version: 1,
  rotatedAt: null,
  revokedAt: null,
  lastUsedAt: null,
} as const satisfies Partial<App>;

/** Attributes that the journal records. */
export const journaledAttributes = [
  "name",
  "scopes",
  "companyIds",
  "secretVersion",
] as const satisfies readonly (keyof App)[];

const columns = sql`id, name, secret_version as "secretVersion", version, scopes, company_ids as "companyIds",
  created_at as "createdAt", rotated_at as "rotatedAt", revoked_at as "revokedAt",
  last_used_at as "lastUsedAt"`;

export async function find(
  database: EnterpriseDatabase,
  id: string,
): Promise<(App & { secretHash: string }) | undefined> {
  return database.maybeOne(
    sql<App & { secretHash: string }>`select ${columns}, secret_hash as "secretHash" from apps
        where enterprise_id = ${database.enterpriseId} and id = ${id}`,
  );
}

/** Locks the app until the transaction ends. */
export async function lock(database: EnterpriseDatabase, id: string): Promise<App | undefined> {
  return database.maybeOne(
    sql<App>`select ${columns} from apps where enterprise_id = ${database.enterpriseId} and id = ${id} for update`,
  );
}

export const list = (database: EnterpriseDatabase): Promise<App[]> =>
  database.many(
    sql<App>`select ${columns} from apps where enterprise_id = ${database.enterpriseId} order by created_at, id`,
  );

export type NewApp = Pick<App, "id" | "name" | "scopes" | "companyIds"> & { secretHash: string };

export const insert = (enterpriseId: string, app: NewApp, now: Date): Sql =>
  sql`insert into apps (enterprise_id, id, name, secret_hash, scopes, company_ids, created_at)
      values (${enterpriseId}, ${app.id}, ${app.name}, ${app.secretHash}, ${app.scopes}, ${app.companyIds}, ${now})`;

export const update = (enterpriseId: string, app: App): Sql =>
  sql`update apps set name = ${app.name}, scopes = ${app.scopes}, company_ids = ${app.companyIds},
        version = ${app.version}
      where enterprise_id = ${enterpriseId} and id = ${app.id}`;

/** Replaces the secret; the new secret version invalidates tokens of the old one. */
export const rotate = (enterpriseId: string, id: string, secretHash: string, now: Date): Sql =>
  sql`update apps set secret_hash = ${secretHash}, secret_version = secret_version + 1, rotated_at = ${now},
        version = version + 1
      where enterprise_id = ${enterpriseId} and id = ${id} and revoked_at is null returning id`;

export const revoke = (enterpriseId: string, id: string, now: Date): Sql =>
  sql`update apps set revoked_at = ${now}, version = version + 1
      where enterprise_id = ${enterpriseId} and id = ${id} and revoked_at is null returning id`;
