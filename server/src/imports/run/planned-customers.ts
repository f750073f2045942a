import type { Candidates } from "../../customers/plan.ts";
import type { CustomerState, LookupKeys, TakenValue } from "../../customers/store.ts";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { type Sql, sql } from "../../database/sql.ts";

/** The customers that the rows of a plan find: the stored ones, overlaid with those that earlier rows change or create. */
export async function overlay(
  database: EnterpriseDatabase,
  importId: string,
  wanted: LookupKeys,
  stored: Candidates,
): Promise<Candidates & { planned: ReadonlySet<string> }> {
  const { enterpriseId } = database;
  const known = [
    ...wanted.ids,
    ...stored.customers.map(({ id }) => id),
    ...stored.taken.map(({ customerId }) => customerId),
  ];
  const isOfImport = sql`enterprise_id = ${enterpriseId} and import_id = ${importId}`;
  const fieldKeys = wanted.uniqueValues.map((uniqueValue) => uniqueValue.fieldKey);
  const keys = wanted.uniqueValues.map((uniqueValue) => uniqueValue.key);
  const [states, taken] = await database.batch([
    sql<{
      state: CustomerState;
    }>`select state from planned_customers where ${isOfImport} and customer_id = any(${known}::uuid[])
        union all select state from planned_customers
          where ${isOfImport} and external_id = any(${wanted.externalIds}::text[]) and customer_id <> all(${known}::uuid[])
        union all select state from planned_customers
          where ${isOfImport} and import_customer_id = any(${wanted.importCustomerIds}::text[])
            and customer_id <> all(${known}::uuid[])
            and (external_id is null or external_id <> all(${wanted.externalIds}::text[]))`,
    sql<TakenValue>`select field_number::text as "fieldKey", key, customer_id as "customerId" from planned_unique_values
        where ${isOfImport} and (field_number, key) in (select * from unnest(${fieldKeys}::smallint[], ${keys}::text[]))`,
  ]);
  const changed = states.map(({ state }) => state);
  const planned = new Set(changed.map(({ id }) => id));
  return {
    planned,
    customers: [...stored.customers.filter(({ id }) => !planned.has(id)), ...changed],
    taken: [...stored.taken.filter(({ customerId }) => !planned.has(customerId)), ...taken],
  };
}

/** Stores the customers as a chunk of the plan leaves them. */
export function storePlanned(
  enterpriseId: string,
  importId: string,
  states: readonly CustomerState[],
  values: readonly TakenValue[],
): Sql[] {
  const ids = states.map(({ id }) => id);
  return [
    sql`insert into planned_customers (enterprise_id, import_id, customer_id, external_id, import_customer_id, state)
        select ${enterpriseId}, ${importId}, id_of_text(s ->> 'id'), s ->> 'externalId', s ->> 'importCustomerId', s
        from jsonb_array_elements(${JSON.stringify(states)}::jsonb) as s
        on conflict (enterprise_id, import_id, customer_id) do update
          set external_id = excluded.external_id, import_customer_id = excluded.import_customer_id,
              state = excluded.state`,
    sql`delete from planned_unique_values
        where enterprise_id = ${enterpriseId} and import_id = ${importId} and customer_id = any(${ids}::uuid[])`,
    ...(values.length === 0
      ? []
      : [
          sql`insert into planned_unique_values (enterprise_id, import_id, field_number, key, customer_id)
              select ${enterpriseId}, ${importId}, * from unnest(${values.map((value) => value.fieldKey)}::smallint[],
                ${values.map((value) => value.key)}::text[], ${values.map((value) => value.customerId)}::uuid[])`,
        ]),
  ];
}

export const deletePlanned = (enterpriseId: string, importId: string): Sql[] => [
  sql`delete from planned_customers where enterprise_id = ${enterpriseId} and import_id = ${importId}`,
  sql`delete from planned_unique_values where enterprise_id = ${enterpriseId} and import_id = ${importId}`,
];
