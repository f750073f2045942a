import type { GrowthInterval } from "@clientele/contract/insight";
import type { FieldKey } from "../custom-fields/values/field-key.ts";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { join, one, raw, type Sql, sql, unnamed } from "../database/sql.ts";

/** The stored number of customers. */
const customerCountOf = (enterpriseId: string): Sql =>
  sql`(select coalesce(sum(customers), 0)::bigint from customer_counts where enterprise_id = ${enterpriseId})`;

export type IntervalChanges = { start: string; created: number; deleted: number };

/**
 * Customers created and deleted per interval since a day, and the current total. An id contains its creation
 * time, so the primary key alone counts existing customers; the journal adds deleted and recreated ones.
 */
export async function fetchChangesByInterval(
  database: EnterpriseDatabase,
  interval: GrowthInterval,
  since: Date,
): Promise<{ changes: IntervalChanges[]; total: number }> {
  const { enterpriseId } = database;
  const firstId = Math.max(0, Math.floor(since.getTime() / 1_000))
    .toString(16)
    .padStart(8, "0")
    .padEnd(24, "0");
  const dayOfId = sql`(('x' || left(id::text, 8))::bit(32)::bigint / 86400)`;
  return database.one(
    sql<{ changes: IntervalChanges[]; total: number }>`with gone as materialized (
          select subject_id as id, at, kind from changes
          where enterprise_id = ${enterpriseId} and subject = 'customer'
            and (kind = 'deleted' or (kind = 'created' and version > 1)) and at >= ${since}
        ), by_day as (
          select ${dayOfId} as day, count(*) as created, 0 as deleted from customers
          where enterprise_id = ${enterpriseId} and id >= ${firstId} group by 1
          union all
          select ${dayOfId}, count(*), 0 from (
            select distinct id from gone where id >= ${firstId} and not exists (
              select from customers c where c.enterprise_id = ${enterpriseId} and c.id = gone.id)) made_and_gone
          group by 1
          union all
          select extract(epoch from at)::bigint / 86400, count(*) filter (where kind = 'created'),
            count(*) filter (where kind = 'deleted')
          from gone group by 1
        ), by_interval as (
          select date_trunc(${interval}, to_timestamp(day * 86400) at time zone 'UTC')::date::text as start,
            sum(created)::bigint as created, sum(deleted)::bigint as deleted
          from by_day group by 1
        )
        select ${customerCountOf(enterpriseId)} as total,
          coalesce((select json_agg(by_interval) from by_interval), '[]') as changes`,
  );
}

export type FieldCounts = {
  companyId: string | null;
  companyName: string;
  customers: number;
  /** The number of customers with a value, per requested field. */
  counts: number[];
};

const arrayOf = (elements: readonly Sql[], type: "boolean" | "integer"): Sql =>
  elements.length === 0 ? raw(`'{}'::${type}[]`) : sql`array[${join([...elements])}]::${raw(type)}[]`;

// One condition per field in a single pass is twice as fast as unnesting the keys of every customer.
const hasValues = (keys: readonly FieldKey[]): Sql[] => keys.map((key) => sql`c.values ? ${key}`);

const countsOf = (conditions: readonly Sql[]): Sql =>
  arrayOf(
    conditions.map((condition) => sql`count(*) filter (where ${condition})`),
    "integer",
  );

/** The number of customers with a value, per field. */
export async function countFields(
  database: EnterpriseDatabase,
  keys: readonly FieldKey[],
): Promise<FieldCounts[]> {
  const row = await database.one(
    unnamed(sql<
      Pick<FieldCounts, "customers" | "counts">
    >`select count(*) as customers, ${countsOf(hasValues(keys))} as counts
        from customers c where c.enterprise_id = ${database.enterpriseId}`),
  );
  return [{ companyId: null, companyName: "", ...row }];
}

/** The customers of each company: those with events there. */
const customersByCompany = (enterpriseId: string): Sql =>
  sql`select company_id, customer_id from events
      where enterprise_id = ${enterpriseId} and company_id is not null and customer_id is not null
      group by company_id, customer_id`;

// With the default 4 MB both sides of the join spill to disk.
const raiseWorkMem = sql`select set_config('work_mem', '32MB', true)`;

/**
 * The same per company. Each customer's values are read once, and the join carries only flags, which are a
 * tenth as wide as the values.
 */
export async function countFieldsByCompany(
  database: EnterpriseDatabase,
  keys: readonly FieldKey[],
): Promise<FieldCounts[]> {
  const { enterpriseId } = database;
  const has = keys.map((_, index) => sql`has[${raw(String(index + 1))}]`);
  const [, counted] = await database.batch([
    raiseWorkMem,
    unnamed(sql<FieldCounts>`with held as materialized (
          select c.id, ${arrayOf(hasValues(keys), "boolean")} as has
          from customers c where c.enterprise_id = ${enterpriseId}
        )
        select p.id as "companyId", p.name as "companyName", coalesce(counted.customers, 0) as customers,
          coalesce(counted.counts, array_fill(0, array[${keys.length}::integer])) as counts
        from companies p left join (
          select b.company_id, count(*) as customers, ${countsOf(has)} as counts
          from (${customersByCompany(enterpriseId)}) b join held on held.id = b.customer_id
          group by 1
        ) counted on counted.company_id = p.id
        where p.enterprise_id = ${enterpriseId} order by p.name, p.id`),
  ]);
  return counted;
}

export type CompanyCount = { companyId: string; companyName: string; customers: number };

export async function countByCompany(
  database: EnterpriseDatabase,
): Promise<{ companies: CompanyCount[]; customers: number }> {
  const { enterpriseId } = database;
  const [companies, { customers }] = await database.batch([
    unnamed(sql<CompanyCount>`select p.id as "companyId", p.name as "companyName", coalesce(counted.customers, 0) as customers
        from companies p left join (
          select company_id, count(*) as customers from (${customersByCompany(enterpriseId)}) belonging group by 1
        ) counted on counted.company_id = p.id
        where p.enterprise_id = ${enterpriseId} order by 3 desc, 2, 1`),
    one(sql<{ customers: number }>`select ${customerCountOf(enterpriseId)} as customers`),
  ]);
  return { companies, customers };
}

export type TagCount = { tagId: string; tagName: string; customers: number };

export async function countByTag(
  database: EnterpriseDatabase,
): Promise<{ tags: TagCount[]; untagged: number; customers: number }> {
  const { enterpriseId } = database;
  const [tags, { untagged }, { customers }] = await database.batch([
    sql<TagCount>`select t.id as "tagId", t.name as "tagName", coalesce(counted.customers, 0) as customers
        from tags t left join (
          select tag_id, count(*) as customers from customers cross join lateral unnest(tag_ids) as tag_id
          where enterprise_id = ${enterpriseId} group by 1
        ) counted on counted.tag_id = t.id
        where t.enterprise_id = ${enterpriseId} order by 3 desc, 2, 1`,
    one(
      sql<{
        untagged: number;
      }>`select count(*) as untagged from customers where enterprise_id = ${enterpriseId} and tag_ids = '{}'`,
    ),
    one(sql<{ customers: number }>`select ${customerCountOf(enterpriseId)} as customers`),
  ]);
  return { tags, untagged, customers };
}

export type ImportDay = { day: string; imports: number; created: number; updated: number; failed: number };

/** File imports per day on which they finished. */
export const importsSince = (database: EnterpriseDatabase, since: string): Promise<ImportDay[]> =>
  database.many(
    sql<ImportDay>`select (finished_at at time zone 'UTC')::date::text as day, count(*) as imports,
          sum(created)::bigint as created, sum(updated)::bigint as updated, sum(failed)::bigint as failed
        from customer_imports
        where enterprise_id = ${database.enterpriseId} and kind = 'import' and not dry_run
          and finished_at >= ${since}::date
        group by 1 order by 1`,
  );
