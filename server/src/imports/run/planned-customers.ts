import type { Candidates } from "../../customers/plan.ts";
import type { CustomerState, LookupKeys, TakenValue } from "../../customers/store.ts";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { type Sql, sql } from "../../database/sql.ts";

/**
 * What rows will find by a plan: the stored customers, and over them those that earlier rows of the plan have
 * changed or made.
 */
export async function overlay(
  database: EnterpriseDatabase,
  importId: string,
  sought: LookupKeys,
  stored: Candidates,
): Promise<Candidates & { planned: ReadonlySet<string> }> {
  const { enterpriseId } = database;
  const known = [
    ...sought.ids,
    ...stored.customers.map(({ id }) => id),
    ...stored.taken.map(({ customerId }) => customerId),
  ];
  const mine = sql`enterprise_id = ${enterpriseId} and import_id = ${importId}`;
  const fieldIds = sought.uniqueValues.map((it) => it.fieldId);
  const keys = sought.uniqueValues.map((it) => it.key);
  const [states, taken] = await database.batch([
    sql<{
      state: CustomerState;
    }>`select state from planned_customers where ${mine} and customer_id = any(${known}::text[])
        union all select state from planned_customers
          where ${mine} and external_id = any(${sought.externalIds}::text[]) and customer_id <> all(${known}::text[])
        union all select state from planned_customers
          where ${mine} and import_customer_id = any(${sought.importCustomerIds}::text[])
            and customer_id <> all(${known}::text[])
            and (external_id is null or external_id <> all(${sought.externalIds}::text[]))`,
    sql<TakenValue>`select field_id as "fieldId", key, customer_id as "customerId" from planned_unique_values
        where ${mine} and (field_id, key) in (select * from unnest(${fieldIds}::text[], ${keys}::text[]))`,
  ]);
  const changed = states.map(({ state }) => state);
  const planned = new Set(changed.map(({ id }) => id));
  return {
    planned,
    customers: [...stored.customers.filter(({ id }) => !planned.has(id)), ...changed],
    taken: [...stored.taken.filter(({ customerId }) => !planned.has(customerId)), ...taken],
  };
}

/** Keeps what a chunk of the plan makes of customers. */
export function keepPlanned(
  enterpriseId: string,
  importId: string,
  states: readonly CustomerState[],
  values: readonly TakenValue[],
): Sql[] {
  const ids = states.map(({ id }) => id);
  return [
    sql`insert into planned_customers (enterprise_id, import_id, customer_id, external_id, import_customer_id, state)
        select ${enterpriseId}, ${importId}, s ->> 'id', s ->> 'externalId', s ->> 'importCustomerId', s
        from jsonb_array_elements(${JSON.stringify(states)}::jsonb) as s
        on conflict (enterprise_id, import_id, customer_id) do update
          set external_id = excluded.external_id, import_customer_id = excluded.import_customer_id,
              state = excluded.state`,
    sql`delete from planned_unique_values
        where enterprise_id = ${enterpriseId} and import_id = ${importId} and customer_id = any(${ids}::text[])`,
    ...(values.length === 0
      ? []
      : [
          sql`insert into planned_unique_values (enterprise_id, import_id, field_id, key, customer_id)
              select ${enterpriseId}, ${importId}, * from unnest(${values.map((it) => it.fieldId)}::text[],
                ${values.map((it) => it.key)}::text[], ${values.map((it) => it.customerId)}::text[])`,
        ]),
  ];
}

/** The plan is made: what it was made with is not needed any more. */
export const forgetPlanned = (enterpriseId: string, importId: string): Sql[] => [
  sql`delete from planned_customers where enterprise_id = ${enterpriseId} and import_id = ${importId}`,
  sql`delete from planned_unique_values where enterprise_id = ${enterpriseId} and import_id = ${importId}`,
];
