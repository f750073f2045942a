import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { one, type Sql, sql } from "../database/sql.ts";

export type CategoryState = {
  id: string;
  externalId: string;
  name: string;
  translationKey: string;
  orderIndex: number;
  isDefault: boolean;
};

export type StoredCategory = CategoryState & { version: number; createdAt: Date; updatedAt: Date };

/** Attributes that the journal records. */
export const journaledAttributes = [
  "externalId",
  "name",
  "orderIndex",
  "isDefault",
] as const satisfies readonly (keyof CategoryState)[];

const columns = sql`id, coalesce(external_id, '') as "externalId", name, translation_key as "translationKey",
  order_index as "orderIndex", is_default as "isDefault", version, created_at as "createdAt",
  updated_at as "updatedAt"`;

export async function list(
  database: EnterpriseDatabase,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ categories: StoredCategory[]; total: number }> {
  const { enterpriseId } = database;
  const [categories, { total }] = await database.batch([
    sql<StoredCategory>`select ${columns} from categories where enterprise_id = ${enterpriseId}
        order by order_index, id offset ${offset} limit ${limit}`,
    one(
      sql<{ total: number }>`select count(*) as total from categories where enterprise_id = ${enterpriseId}`,
    ),
  ]);
  return { categories, total };
}

/** Every category in order. */
export const listAll = (database: EnterpriseDatabase): Promise<StoredCategory[]> =>
  database.many(
    sql<StoredCategory>`select ${columns} from categories where enterprise_id = ${database.enterpriseId} order by order_index, id`,
  );

/** A category by id; null stands for the default one. */
export async function find(
  database: EnterpriseDatabase,
  id: string | null,
): Promise<StoredCategory | undefined> {
  return database.maybeOne(
    sql<StoredCategory>`select ${columns} from categories
        where enterprise_id = ${database.enterpriseId} and ${id === null ? sql`is_default` : sql`id = ${id}`}`,
  );
}

/** The order index after the last category. */
export async function nextOrderIndex(database: EnterpriseDatabase): Promise<number> {
  const row = await database.one(
    sql<{ next: number }>`select coalesce(max(order_index), -1) + 1 as next from categories
        where enterprise_id = ${database.enterpriseId}`,
  );
  return row.next;
}

export const insert = (enterpriseId: string, category: CategoryState, now: Date): Sql<StoredCategory> =>
  sql`insert into categories (enterprise_id, id, external_id, name, order_index, created_at, updated_at)
      values (${enterpriseId}, ${category.id}, nullif(${category.externalId}, ''), ${category.name},
        ${category.orderIndex}, ${now}, ${now})
      returning ${columns}`;

export const update = (enterpriseId: string, category: CategoryState, now: Date): Sql<StoredCategory> =>
  sql`update categories
      set external_id = nullif(${category.externalId}, ''), name = ${category.name},
        order_index = ${category.orderIndex}, version = version + 1, updated_at = ${now}
      where enterprise_id = ${enterpriseId} and id = ${category.id}
      returning ${columns}`;

export const remove = (enterpriseId: string, id: string): Sql =>
  sql`delete from categories where enterprise_id = ${enterpriseId} and id = ${id}`;
