import { Problem } from "@clientele/contract/errors";
import type { Call } from "../call.ts";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { type Sql, sql } from "../database/sql.ts";
import { timeOfPosition } from "../journal/position.ts";

/** Joins the version of `customers c` as `v`. The limit forces a look-up by primary key, whatever the estimates. */
export const withVersion = (enterpriseId: string): Sql =>
  sql`cross join lateral (
    select * from customer_versions v where v.enterprise_id = ${enterpriseId} and v.customer_id = c.id limit 1) v`;

/** Joins the customer of `customer_versions v` as `c`. */
export const withCustomer = (enterpriseId: string): Sql =>
  sql`cross join lateral (
    select * from customers c where c.enterprise_id = ${enterpriseId} and c.id = v.customer_id limit 1) c`;

/** `updated_at` is the time of the transaction's changes, which are appended before. */
export const changedAt = ({ database }: Pick<Call, "database">): Sql => timeOfPosition(database.enterpriseId);

/** Stores the first versions of new customers, and the next ones of recreated customers. */
export const insertVersions = (
  call: Call,
  customers: readonly { id: string; version: number }[],
  returning?: Sql,
): Sql =>
  returningCustomers(
    call,
    sql`insert into customer_versions as v (enterprise_id, customer_id, updated_at, version)
      select ${call.database.enterpriseId}, id, ${changedAt(call)}, version
      from unnest(${customers.map(({ id }) => id)}::uuid[], ${customers.map(({ version }) => version)}::integer[])
        as r(id, version)`,
    returning,
  );

/** Raises the versions of customers whose JSON changes. `ids` is a subquery. */
export const raiseVersions = (call: Call, ids: Sql, returning?: Sql): Sql =>
  returningCustomers(
    call,
    sql`update customer_versions v set version = v.version + 1, updated_at = ${changedAt(call)}
      where v.enterprise_id = ${call.database.enterpriseId} and v.customer_id in (${ids})`,
    returning,
  );

export const deleteVersions = (enterpriseId: string, ids: readonly string[]): Sql =>
  sql`delete from customer_versions where enterprise_id = ${enterpriseId} and customer_id = any(${ids}::uuid[])`;

/** The statement, with columns of `customers c` and its new version `v` as its rows. */
const returningCustomers = ({ database }: Call, statement: Sql, columns?: Sql): Sql =>
  columns === undefined
    ? statement
    : sql`with v as (${statement} returning v.*) select ${columns} from v ${withCustomer(database.enterpriseId)}`;

const attemptsMax = 5;

type WithId = { id: string };

/**
 * Locks customers until the transaction ends, ordered by id so that concurrent writers of the same customers wait and
 * never deadlock. `ids` is a subquery. `read` sends the lock and then the statements that read the customers as of the
 * lock. It runs again when another writer gave a customer a requested external id in between: all customers returned
 * are locked.
 */
export async function lockAndRead<Found extends { locked: readonly WithId[]; customers: readonly WithId[] }>(
  { enterpriseId }: EnterpriseDatabase,
  ids: Sql,
  read: (lock: Sql<WithId>) => Promise<Found>,
): Promise<Found> {
  const lock = sql<WithId>`select customer_id as id from customer_versions
      where enterprise_id = ${enterpriseId} and customer_id in (${ids}) order by customer_id for update`;
  for (let attempt = 1; ; attempt++) {
    const found = await read(lock);
    const lockedIds = new Set(found.locked.map(({ id }) => id));
    if (found.customers.every(({ id }) => lockedIds.has(id))) return found;
    if (attempt === attemptsMax) throw new Problem("DATABASE_BUSY");
  }
}
