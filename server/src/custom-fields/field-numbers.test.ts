import { expect, test } from "vitest";
import { readingAs } from "../database/as-enterprise.ts";
import { createCustomerWith, createField, fieldIdsOf, fieldKeyOf, fieldsPath } from "../testing/fields.ts";
import { startApp } from "../testing/start-app.ts";
import { fieldIdOf, withDefinitions } from "./definitions.ts";
import type { FieldKey } from "./values/field-key.ts";

const app = startApp();

test("the fields of each enterprise have the numbers from 1", async () => {
  const clients = [await app.client(), await app.client()];
  for (const client of clients) {
    const { id } = await createField(client);
    const ids = await fieldIdsOf(app.database, client.enterpriseId);
    expect([...ids.keys()].map(Number).sort((one, other) => one - other)).toEqual(
      Array.from({ length: ids.size }, (_, index) => index + 1),
    );
    expect(ids.get(String(ids.size))).toBe(id);
  }
});

test("a deleted field's number is not given to another field", async () => {
  const client = await app.client();
  const { id } = await createField(client, { label: "Former" });
  const number = Number(await fieldKeyOf(app.database, client, id));
  const customerId = await createCustomerWith(client, id, "gold");
  await client.delete(`${fieldsPath}/${id}`);
  const next = await createField(client, { label: "New" });
  expect(await fieldKeyOf(app.database, client, next.id)).toBe(String(number + 1));
  await client.delete(`${fieldsPath}/${next.id}`);
  const last = await createField(client, { label: "New" });
  expect(await fieldKeyOf(app.database, client, last.id)).toBe(String(number + 2));

  // Histories and the feed still name the deleted field.
  const { body } = await client.get(`/v1/enterprise-customers/${customerId}/history`);
  const ofField = { attribute: `fields.${id}`, label: "Former" };
  expect(body.data.map(({ changes }: { changes: unknown }) => changes)).toEqual([
    [{ ...ofField, before: "gold", after: null }],
    [{ ...ofField, before: null, after: "gold" }],
  ]);
  const feed = await client.get("/v1/customer-changes", { query: { subject: "customer" } });
  expect(feed.body.data.changes).toMatchObject([
    { kind: "created", after: { fields: { [id]: "gold" } } },
    { kind: "updated", before: { fields: { [id]: "gold" } }, after: { fields: { [id]: null } } },
  ]);
});

test("after the last number a field is refused", async () => {
  const client = await app.client();
  const { id } = await createField(client, { label: "Last" });
  await app.database.admin.query("update custom_fields set number = 32767 where id = $1", [id]);
  const { status, body } = await client.post(fieldsPath, { label: "One more", type: "TEXT" });
  expect([status, body.errorCode]).toEqual([400, "REQUEST_INVALID"]);
  expect(body.extras.errors).toMatchObject([{ path: "label", key: "FIELD_NUMBERS_USED" }]);
});

test("a value of a field that was created during a read is read with fresh definitions", async () => {
  const client = await app.client();
  const { enterpriseId } = client;
  const database = readingAs(app.database.service, { enterpriseId, kind: "operator" });
  let created: { id: string } | undefined;
  const read = await withDefinitions(database, async (definitions) => {
    created ??= await createField(client);
    const key = await fieldKeyOf(app.database, client, created!.id);
    return fieldIdOf(definitions, key as FieldKey);
  });
  expect(read).toBe(created!.id);
  const unknown = withDefinitions(database, async (definitions) => fieldIdOf(definitions, "999" as FieldKey));
  await expect(unknown).rejects.toThrow("No field has the number 999.");
});
