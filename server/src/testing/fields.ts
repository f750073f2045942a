import { expect } from "vitest";
import type { Answer, Client } from "./start-app.ts";
import type { TestDatabase } from "./test-database.ts";

const customersPath = "/v1/enterprise-customers";
export const fieldsPath = `${customersPath}/customfields`;

/** Creates a field, TEXT by default, and returns it. */
export async function createField(client: Client, body: Record<string, unknown> = {}) {
  const { status, body: answer } = await client.post(fieldsPath, { label: "Loyalty", type: "TEXT", ...body });
  expect(status, JSON.stringify(answer)).toBe(201);
  return answer.data;
}

/** Creates a customer, with or without a value in the field, and returns its id. */
export async function createCustomerWith(
  client: Client,
  id: string,
  value: string | string[] | undefined,
): Promise<string> {
  const written = Array.isArray(value) ? { id, values: value } : { id, value };
  const { status, body } = await client.post(customersPath, {
    customfields: value === undefined ? [] : [written],
  });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.data.id;
}

export async function createCustomersWith(
  client: Client,
  id: string,
  values: readonly (string | string[] | undefined)[],
): Promise<string[]> {
  const ids: string[] = [];
  for (const value of values) ids.push(await createCustomerWith(client, id, value));
  return ids;
}

/** Expects an error of the attribute because of these customers' stored values; it names at most twenty of them. */
export function expectRuleBroken(answer: Answer, attribute: string, customerIds: readonly string[]): void {
  expect(answer.status).toBe(409);
  expect(answer.body.errorCode).toBe("FIELD_RULE_BROKEN");
  expect(answer.body.details.body).toEqual({
    [attribute]: expect.stringContaining(`${customerIds.length} of`),
  });
  expect(answer.body.extras).toEqual({
    count: customerIds.length,
    customerIds: [...customerIds].sort().slice(0, 20),
    errors: [expect.objectContaining({ in: "body", path: attribute, code: "FIELD_RULE_BROKEN" })],
  });
}

/** The ids of fields by the keys of their values, deleted fields included. */
export async function fieldIdsOf(
  { admin }: TestDatabase,
  enterpriseId: string,
): Promise<Map<string, string>> {
  const { rows } = await admin.query<{ number: number; id: string }>(
    `select number, id from custom_fields where enterprise_id = $1
     union all select number, id from deleted_fields where enterprise_id = $1`,
    [enterpriseId],
  );
  return new Map(rows.map(({ number, id }) => [String(number), id]));
}

/** The key of a field's values, as text, also of a deleted field. */
export async function fieldKeyOf(database: TestDatabase, client: Client, fieldId: string): Promise<string> {
  const ids = await fieldIdsOf(database, client.enterpriseId);
  for (const [key, id] of ids) if (id === fieldId) return key;
  throw new Error(`There is no field ${fieldId}.`);
}

/** A customer's stored values by their keys, and its version, read from the database. */
export async function storedOf({ admin }: TestDatabase, customerId: string) {
  const { rows } = await admin.query(
    "select values, version from customers join customer_versions on customer_id = id where id = $1",
    [customerId],
  );
  return rows[0];
}

/** The taken values of a unique field, each with its customer. */
export async function uniqueKeysOf({ admin }: TestDatabase, fieldId: string) {
  const { rows } = await admin.query(
    `select u.key, u.customer_id as "customerId"
     from unique_values u join custom_fields f
       on f.enterprise_id = u.enterprise_id and f.number = u.field_number
     where f.id = $1 order by u.key`,
    [fieldId],
  );
  return rows;
}

/** The ids of the customers that a search finds. */
export async function foundBy(client: Client, q: string): Promise<string[]> {
  const { body } = await client.get(customersPath, { query: { q } });
  return body.data.map(({ id }: { id: string }) => id);
}
