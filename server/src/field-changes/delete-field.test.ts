import { describe, expect, test } from "vitest";
import {
  createCustomersWith,
  createCustomerWith,
  createField,
  fieldKeyOf,
  fieldsPath,
  foundBy,
  storedOf,
  uniqueKeysOf,
} from "../testing/fields.ts";
import { journalOf } from "../testing/journal.ts";
import { startApp } from "../testing/start-app.ts";

const app = startApp();
const customersPath = "/v1/enterprise-customers";

describe("deleting a field", () => {
  test("removes its values from every customer and journals each removal", async () => {
    const client = await app.client();
    const other = await app.client();
    const { id: otherField } = await createField(client, { label: "Kept" });
    const { id } = await createField(client, { is_searchable: true, is_unique: true });
    const { id: foreign } = await createField(other);
    const foreigner = await createCustomerWith(other, foreign, "platinum");
    const withBoth = await client.post(customersPath, {
      customfields: [
        { id, value: "platinum" },
        { id: otherField, value: "stays" },
      ],
    });
    const customerId = withBoth.body.data.id;
    const without = await createCustomerWith(client, otherField, "as it was");
    expect((await client.delete(`${fieldsPath}/${id}`)).body).toEqual({ data: { id }, status: 1 });

    const key = await fieldKeyOf(app.database, client, id);
    expect(await storedOf(app.database, customerId)).toMatchObject({
      values: { [await fieldKeyOf(app.database, client, otherField)]: "stays" },
      version: 2,
    });
    expect((await journalOf(app, customerId)).at(-1)).toEqual({
      kind: "updated",
      version: 2,
      reason: "field_deleted",
      before: { values: { [key]: "platinum" } },
      after: { values: { [key]: null } },
    });
    expect(await foundBy(client, "platinum")).toEqual([]);
    expect(await uniqueKeysOf(app.database, id)).toEqual([]);
    expect(await storedOf(app.database, without)).toMatchObject({ version: 1 });
    expect(await storedOf(app.database, foreigner)).toMatchObject({
      values: { [await fieldKeyOf(app.database, other, foreign)]: "platinum" },
      version: 1,
    });
    expect((await client.get(`${fieldsPath}/${id}`)).body.errorCode).toBe("FIELD_NOT_FOUND");
    const late = await client.post(customersPath, { customfields: [{ id, value: "x" }] });
    expect(late.body.errorCode).toBe("FIELD_UNKNOWN");
  });

  test("processes more customers than one chunk holds", async () => {
    const client = await app.client();
    const { id } = await createField(client, { type: "SELECT", select_options: ["a"] });
    const rows = Array.from({ length: 10_000 }, () => ({ customfields: [{ id, value: "a" }] }));
    for (const part of [rows, rows.slice(0, 1)])
      expect((await client.post(`${customersPath}/import`, part)).body.data.failed).toBe(0);
    const { body } = await client.patch(`${fieldsPath}/${id}`, { type: "TEXT", is_unique: true });
    expect(body.extras.count).toBe(10_001);
    expect((await client.patch(`${fieldsPath}/${id}`, { type: "MULTI_SELECT" })).status).toBe(200);
    await client.delete(`${fieldsPath}/${id}`);
    const { rows: left } = await app.database.admin.query(
      `select version, values, count(*)::int from customers join customer_versions using (enterprise_id)
       where enterprise_id = $1 and customer_id = id group by 1, 2`,
      [client.enterpriseId],
    );
    expect(left).toEqual([{ version: 3, values: {}, count: 10_001 }]);
  });

  test("waits for customer writes in progress, and later writes cannot restore the value", async () => {
    const client = await app.client();
    const { id } = await createField(client);
    const ids = await createCustomersWith(client, id, ["1", "2", "3", "4"]);
    const write = (customerId: string) =>
      client.patch(`${customersPath}/${customerId}`, { customfields: [{ id, value: "again" }] });
    const answers = await Promise.all([
      write(ids[0]!),
      write(ids[1]!),
      client.delete(`${fieldsPath}/${id}`),
      write(ids[2]!),
      write(ids[3]!),
      client.post(customersPath, { customfields: [{ id, value: "new" }] }),
    ]);
    expect(answers[2]!.status).toBe(200);
    for (const { status, body } of answers) {
      expect([200, 201, 400]).toContain(status);
      if (status === 400) expect(body.errorCode).toBe("FIELD_UNKNOWN");
    }
    const { rows } = await app.database.admin.query(
      "select count(*)::int as count from customers where enterprise_id = $1 and values ? $2",
      [client.enterpriseId, await fieldKeyOf(app.database, client, id)],
    );
    expect(rows).toEqual([{ count: 0 }]);
  });

  test("also removes a value written just before the deletion", async () => {
    const client = await app.client();
    const { id } = await createField(client);
    const customerId = await createCustomerWith(client, id, "before");
    // A customer write is in progress, and the deletion waits for it.
    await app.database.admin.query("begin");
    await app.database.admin.query("select pg_advisory_xact_lock_shared(hashtextextended($1, 0))", [
      client.enterpriseId,
    ]);
    const meanwhile = await client.patch(`${customersPath}/${customerId}`, {
      customfields: [{ id, value: "meanwhile" }],
    });
    expect(meanwhile.status).toBe(200);
    const deleting = client.delete(`${fieldsPath}/${id}`);
    await waiting();
    const late = client.patch(`${customersPath}/${customerId}`, { customfields: [{ id, value: "late" }] });
    await app.database.admin.query("commit");
    expect((await deleting).status).toBe(200);
    expect((await late).body.errorCode).toBe("FIELD_UNKNOWN");
    expect((await storedOf(app.database, customerId)).values).toEqual({});
    expect((await journalOf(app, customerId)).at(-1)).toMatchObject({
      reason: "field_deleted",
      before: { values: { [await fieldKeyOf(app.database, client, id)]: "meanwhile" } },
    });
  });

  /** Resolves once a transaction waits for the lock. */
  async function waiting(): Promise<void> {
    for (;;) {
      const { rows } = await app.database.admin.query(
        `select from pg_locks where locktype = 'advisory' and not granted
           and database = (select oid from pg_database where datname = current_database())`,
      );
      if (rows.length > 0) return;
    }
  }
});
