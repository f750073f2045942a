import type { Static } from "@clientele/contract/formats";
import type { ViewDefinition } from "@clientele/contract/views";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { one, type Sql, sql } from "../database/sql.ts";

export type Definition = Static<typeof ViewDefinition>;

export type View = {
  id: string;
  ownerId: string;
  name: string;
  isShared: boolean;
  definition: Definition;
  createdAt: Date;
  updatedAt: Date;
};

const columns = sql`id, owner_id as "ownerId", name, is_shared as "isShared", definition,
  created_at as "createdAt", updated_at as "updatedAt"`;

/** The owner's views and the shared views of others. */
const visibleTo = (enterpriseId: string, ownerId: string): Sql =>
  sql`enterprise_id = ${enterpriseId} and name is not null and (owner_id = ${ownerId} or is_shared)`;

export async function list(
  database: EnterpriseDatabase,
  ownerId: string,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ views: View[]; total: number }> {
  const visible = visibleTo(database.enterpriseId, ownerId);
  const [views, { total }] = await database.batch([
    sql<View>`select ${columns} from customer_views where ${visible}
        order by lower(name), id offset ${offset} limit ${limit}`,
    one(sql<{ total: number }>`select count(*) as total from customer_views where ${visible}`),
  ]);
  return { views, total };
}

/** Reads the view and locks it against concurrent writes. */
export async function lock(
  database: EnterpriseDatabase,
  ownerId: string,
  id: string,
): Promise<View | undefined> {
  return database.maybeOne(
    sql<View>`select ${columns} from customer_views
        where ${visibleTo(database.enterpriseId, ownerId)} and id = ${id} for update`,
  );
}

export const insert = (enterpriseId: string, view: View): Sql =>
  sql`insert into customer_views (enterprise_id, id, owner_id, name, is_shared, definition, created_at, updated_at)
      values (${enterpriseId}, ${view.id}, ${view.ownerId}, ${view.name}, ${view.isShared},
        ${JSON.stringify(view.definition)}, ${view.createdAt}, ${view.updatedAt})`;

export const update = (enterpriseId: string, view: View): Sql =>
  sql`update customer_views set name = ${view.name}, is_shared = ${view.isShared},
        definition = ${JSON.stringify(view.definition)}, updated_at = ${view.updatedAt}
      where enterprise_id = ${enterpriseId} and id = ${view.id}`;

export const remove = (enterpriseId: string, id: string): Sql =>
  sql`delete from customer_views where enterprise_id = ${enterpriseId} and id = ${id}`;

export type Current = Pick<View, "definition" | "updatedAt">;

export async function fetchCurrent(
  database: EnterpriseDatabase,
  ownerId: string,
): Promise<Current | undefined> {
  return database.maybeOne(
    sql<Current>`select definition, updated_at as "updatedAt" from customer_views
        where enterprise_id = ${database.enterpriseId} and owner_id = ${ownerId} and name is null`,
  );
}

export const keepCurrent = (enterpriseId: string, ownerId: string, id: string, current: Current): Sql =>
  sql`insert into customer_views (enterprise_id, id, owner_id, definition, created_at, updated_at)
      values (${enterpriseId}, ${id}, ${ownerId}, ${JSON.stringify(current.definition)}, ${current.updatedAt},
        ${current.updatedAt})
      on conflict (enterprise_id, owner_id) where name is null do update
        set definition = excluded.definition, updated_at = excluded.updated_at`;
