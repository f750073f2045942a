import { describe, expect, test } from "vitest";
import { type Answer, type Client, startApp } from "../testing/start-app.ts";

const it = startApp();
const customersPath = "/v1/enterprise-customers";
const path = `${customersPath}/customfields`;

async function field(client: Client, body: Record<string, unknown>): Promise<string> {
  const { status, body: answer } = await client.post(path, { label: "Loyalty", type: "TEXT", ...body });
  expect(status, JSON.stringify(answer)).toBe(201);
  return answer.data.id;
}

/** A customer that has a value of the field, or `undefined` for one that has none. */
async function customer(client: Client, id: string, value: string | string[] | undefined): Promise<string> {
  const written = Array.isArray(value) ? { id, values: value } : { id, value };
  const { status, body } = await client.post(customersPath, {
    customfields: value === undefined ? [] : [written],
  });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.data.id;
}

async function customers(client: Client, id: string, values: (string | string[] | undefined)[]) {
  const ids: string[] = [];
  for (const value of values) ids.push(await customer(client, id, value));
  return ids;
}

const stored = async (customerId: string) => {
  const { rows } = await it.database.admin.query("select values, version from customers where id = $1", [
    customerId,
  ]);
  return rows[0];
};

const changesOf = async (id: string) => {
  const { rows } = await it.database.admin.query(
    "select kind, version, reason, before, after from changes where subject_id = $1 order by id",
    [id],
  );
  return rows;
};

const keysOf = async (fieldId: string) => {
  const { rows } = await it.database.admin.query(
    'select key, customer_id as "customerId" from unique_values where field_id = $1 order by key',
    [fieldId],
  );
  return rows;
};

function expectBroken(answer: Answer, attribute: string, customerIds: string[]) {
  expect(answer.status).toBe(409);
  expect(answer.body.errorCode).toBe("FIELD_RULE_BROKEN");
  expect(answer.body.details.body).toEqual({
    [attribute]: expect.stringContaining(`${customerIds.length}`),
  });
  expect(answer.body.extras).toEqual({
    count: customerIds.length,
    customerIds: customerIds.sort().slice(0, 20),
  });
}

const found = async (client: Client, q: string) =>
  (await client.get(`${customersPath}?q=${encodeURIComponent(q)}`)).body.data.map(
    (c: { id: string }) => c.id,
  );

describe("making a field unique", () => {
  test("takes the stored values for those who have them, and gives them back when it ends", async () => {
    const client = await it.client();
    const id = await field(client, {});
    const [one] = await customers(client, id, ["A", "a", undefined]);
    expect((await client.patch(`${path}/${id}`, { is_unique: true })).status).toBe(200);
    const taken = await client.post(customersPath, { customfields: [{ id, value: "A" }] });
    expect(taken.body.errorCode).toBe("FIELD_VALUE_TAKEN");
    expect(taken.body.details.body["customfields.0.value"]).toContain(one);
    expect((await client.patch(`${path}/${id}`, { is_unique: false })).status).toBe(200);
    expect(await keysOf(id)).toEqual([]);
    await customer(client, id, "A");
  });

  test("is refused with the customers that share a value, and nothing is taken", async () => {
    const client = await it.client();
    const id = await field(client, {});
    const [a, , b, c] = await customers(client, id, ["x", "y", "x", "x", undefined]);
    expectBroken(await client.patch(`${path}/${id}`, { is_unique: true }), "is_unique", [a!, b!, c!]);
    expect(await keysOf(id)).toEqual([]);
    expect((await client.get(`${path}/${id}`)).body.data.isUnique).toBe(false);
  });

  test("names twenty of them at most", async () => {
    const client = await it.client();
    const id = await field(client, {});
    const ids = await customers(client, id, Array(25).fill("x"));
    expectBroken(await client.patch(`${path}/${id}`, { is_unique: true }), "is_unique", ids);
  });

  test("compares an e-mail without case, a phone by its number, a long text whole", async () => {
    const client = await it.client();
    const long = "l".repeat(300);
    const alike: [string, string, string][] = [
      ["EMAIL", "Ann@Example.com", "ann@example.COM"],
      ["PHONE", "+49301234567", '{"number":"030 1234567","country":"DE"}'],
      ["TEXT", long, long],
    ];
    for (const [type, one, other] of alike) {
      const id = await field(client, { label: type, type });
      const ids = await customers(client, id, [one, other]);
      expectBroken(await client.patch(`${path}/${id}`, { is_unique: true }), "is_unique", ids);
    }
    const id = await field(client, { label: "Long" });
    await customers(client, id, [`${long}a`, `${long}b`]);
    expect((await client.patch(`${path}/${id}`, { is_unique: true })).status).toBe(200);
  });

  test("looks at no other enterprise", async () => {
    const other = await it.client();
    await client_email(other);
    const client = await it.client();
    await client_email(client);
    expect((await client.patch(`${path}/email`, { is_unique: true })).status).toBe(200);
  });

  const client_email = (client: Client) =>
    client.post(customersPath, { customfields: [{ id: "email", value: "ann@example.com" }] });
});

describe("making a field mandatory", () => {
  test("is refused with the customers that have no value", async () => {
    const client = await it.client();
    const id = await field(client, {});
    const [, without] = await customers(client, id, ["x", undefined]);
    expectBroken(await client.patch(`${path}/${id}`, { is_mandatory: true }), "is_mandatory", [without!]);
    await client.patch(`${customersPath}/${without}`, { customfields: [{ id, value: "y" }] });
    expect((await client.patch(`${path}/${id}`, { is_mandatory: true })).status).toBe(200);
    expect((await client.post(customersPath, {})).body.errorCode).toBe("FIELD_MANDATORY");
  });

  test("asks nothing of stored customers when the field is new", async () => {
    const client = await it.client();
    await client.post(customersPath, {});
    await field(client, { is_mandatory: true });
    expect((await client.post(customersPath, {})).body.errorCode).toBe("FIELD_MANDATORY");
  });
});

describe("retyping a field", () => {
  const phone = '{"country":"DE","number":"301234567","phone":"+49301234567","prefix":"+49"}';
  const options = { select_options: ["a", "b"] };
  test.each<[string, object, string | string[], string, object, string | string[]]>([
    ["TEXT", {}, "+49 30 1234567", "PHONE", {}, phone],
    ["PHONE", {}, "+49301234567", "TEXT", {}, "+49301234567"],
    ["TEXT", {}, "1", "CHECKBOX", {}, "true"],
    ["TEXT", {}, "a", "SELECT", options, "a"],
    ["TEXT", {}, "a", "MULTI_SELECT", options, ["a"]],
    ["SELECT", options, "a", "MULTI_SELECT", {}, ["a"]],
    ["MULTI_SELECT", options, ["a"], "SELECT", {}, "a"],
    ["SELECT", options, "a", "TEXT", {}, "a"],
    ["MULTI_SELECT", options, ["a"], "TEXT", {}, "a"],
    ["TEXT", {}, "3.50", "NUMBER", {}, "3.50"],
    ["TEXT", {}, "2024-02-29", "DATE", {}, "2024-02-29"],
  ])("%s %j %j becomes %s %j %j", async (from, before, value, to, after, expected) => {
    const client = await it.client();
    const id = await field(client, { type: from, ...before });
    const customerId = await customer(client, id, value);
    const old = await stored(customerId);
    const { status, body } = await client.patch(`${path}/${id}`, { type: to, ...after });
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body.data).toMatchObject({ type: to, isMultiple: to === "MULTI_SELECT" });
    const now = await stored(customerId);
    expect(now.values).toEqual({ [id]: expected });

    const changes = await changesOf(customerId);
    if (JSON.stringify(old.values) === JSON.stringify(now.values)) {
      expect(now.version).toBe(1);
      expect(changes).toHaveLength(1);
    } else {
      expect(now.version).toBe(2);
      expect(changes.at(-1)).toEqual({
        kind: "updated",
        version: 2,
        reason: "field_retyped",
        before: { values: old.values },
        after: { values: now.values },
      });
    }
  });

  test("is refused with the customers whose value the new type does not have, and none is rewritten", async () => {
    const client = await it.client();
    const id = await field(client, {});
    const [good, bad] = await customers(client, id, ["+49301234567", "call me", undefined]);
    expectBroken(await client.patch(`${path}/${id}`, { type: "PHONE" }), "type", [bad!]);
    expect(await stored(good!)).toMatchObject({ values: { [id]: "+49301234567" }, version: 1 });

    const several = await field(client, {
      label: "Several",
      type: "MULTI_SELECT",
      select_options: ["a", "b"],
    });
    const both = await customer(client, several, ["a", "b"]);
    expectBroken(await client.patch(`${path}/${several}`, { type: "SELECT" }), "type", [both]);
  });

  test("keeps an option that can no longer be chosen with those who have it", async () => {
    const client = await it.client();
    const id = await field(client, { type: "SELECT", select_options: ["a", "b"] });
    const customerId = await customer(client, id, "a");
    await client.patch(`${path}/${id}`, { select_options: ["b"] });
    expect((await client.patch(`${path}/${id}`, { type: "MULTI_SELECT" })).status).toBe(200);
    expect((await stored(customerId)).values).toEqual({ [id]: ["a"] });
  });

  test("drops what the new type has no use for", async () => {
    const client = await it.client();
    const id = await field(client, { validation: { maxLength: 9 } });
    const { body } = await client.patch(`${path}/${id}`, { type: "NUMBER" });
    expect(body.data.validation).toEqual({});
    const unique = await field(client, { label: "Unique", is_unique: true });
    const refused = await client.patch(`${path}/${unique}`, { type: "TEXTAREA" });
    expect(refused.status).toBe(400);
    expect(refused.body.details.body).toHaveProperty("is_unique");
  });

  test("compares the values of a unique field as the new type does", async () => {
    const client = await it.client();
    const id = await field(client, { is_unique: true });
    const [one, other] = await customers(client, id, ["ann@example.com", "ANN@example.com"]);
    expectBroken(await client.patch(`${path}/${id}`, { type: "EMAIL" }), "is_unique", [one!, other!]);
    await client.delete(`${customersPath}/${one}`);
    expect((await client.patch(`${path}/${id}`, { type: "EMAIL" })).status).toBe(200);
    expect(await keysOf(id)).toEqual([{ key: "ann@example.com", customerId: other }]);
  });

  test("lets the customers be found by what they have now", async () => {
    const client = await it.client();
    const id = await field(client, {});
    const customerId = await customer(client, id, "+49 30 1234567");
    expect(await found(client, "030 1234567")).toEqual([]);
    await client.patch(`${path}/${id}`, { type: "PHONE" });
    expect(await found(client, "030 1234567")).toEqual([customerId]);
  });
});

describe("making a field searchable", () => {
  test("lets customers be found by it and no longer, and changes nothing that a reader sees", async () => {
    const client = await it.client();
    const id = await field(client, {});
    const customerId = await customer(client, id, "platinum");
    const before = await client.get(`${customersPath}/${customerId}`);
    expect(await found(client, "plat")).toEqual([]);
    await client.patch(`${path}/${id}`, { is_searchable: true });
    expect(await found(client, "plat")).toEqual([customerId]);
    await client.patch(`${path}/${id}`, { is_searchable: false });
    expect(await found(client, "plat")).toEqual([]);
    expect((await client.get(`${customersPath}/${customerId}`)).text).toBe(before.text);
    expect(await changesOf(customerId)).toHaveLength(1);
  });
});

describe("deleting a field", () => {
  test("removes its values from every customer, and each one's history says so", async () => {
    const client = await it.client();
    const other = await it.client();
    const kept = await field(client, { label: "Kept" });
    const id = await field(client, { is_searchable: true, is_unique: true });
    const foreign = await field(other, {});
    const foreigner = await customer(other, foreign, "platinum");
    const withBoth = await client.post(customersPath, {
      customfields: [
        { id, value: "platinum" },
        { id: kept, value: "stays" },
      ],
    });
    const customerId = withBoth.body.data.id;
    const without = await customer(client, kept, "as it was");
    expect((await client.delete(`${path}/${id}`)).body).toEqual({ data: { id }, status: 1 });

    expect(await stored(customerId)).toMatchObject({ values: { [kept]: "stays" }, version: 2 });
    expect((await changesOf(customerId)).at(-1)).toEqual({
      kind: "updated",
      version: 2,
      reason: "field_deleted",
      before: { values: { [id]: "platinum" } },
      after: { values: { [id]: null } },
    });
    expect(await found(client, "platinum")).toEqual([]);
    expect(await keysOf(id)).toEqual([]);
    expect(await stored(without)).toMatchObject({ version: 1 });
    expect(await stored(foreigner)).toMatchObject({ values: { [foreign]: "platinum" }, version: 1 });
    expect((await client.get(`${path}/${id}`)).body.errorCode).toBe("FIELD_NOT_FOUND");
    const late = await client.post(customersPath, { customfields: [{ id, value: "x" }] });
    expect(late.body.errorCode).toBe("FIELD_UNKNOWN");
  });

  test("walks on through more customers than one chunk holds", async () => {
    const client = await it.client();
    const id = await field(client, { type: "SELECT", select_options: ["a"] });
    const rows = Array.from({ length: 10_000 }, () => ({ customfields: [{ id, value: "a" }] }));
    for (const part of [rows, rows.slice(0, 1)])
      expect((await client.post(`${customersPath}/import`, part)).body.data.failed).toBe(0);
    const { body } = await client.patch(`${path}/${id}`, { type: "TEXT", is_unique: true });
    expect(body.extras.count).toBe(10_001);
    expect((await client.patch(`${path}/${id}`, { type: "MULTI_SELECT" })).status).toBe(200);
    await client.delete(`${path}/${id}`);
    const { rows: left } = await it.database.admin.query(
      "select version, values, count(*)::int from customers where enterprise_id = $1 group by 1, 2",
      [client.enterpriseId],
    );
    expect(left).toEqual([{ version: 3, values: {}, count: 10_001 }]);
  });

  test("waits for a customer that is being written, and one that comes later cannot bring the value back", async () => {
    const client = await it.client();
    const id = await field(client, {});
    const ids = await customers(client, id, ["1", "2", "3", "4"]);
    const write = (customerId: string) =>
      client.patch(`${customersPath}/${customerId}`, { customfields: [{ id, value: "again" }] });
    const answers = await Promise.all([
      write(ids[0]!),
      write(ids[1]!),
      client.delete(`${path}/${id}`),
      write(ids[2]!),
      write(ids[3]!),
      client.post(customersPath, { customfields: [{ id, value: "new" }] }),
    ]);
    expect(answers[2]!.status).toBe(200);
    for (const { status, body } of answers) {
      expect([200, 201, 400]).toContain(status);
      if (status === 400) expect(body.errorCode).toBe("FIELD_UNKNOWN");
    }
    const { rows } = await it.database.admin.query(
      "select count(*)::int as count from customers where enterprise_id = $1 and values ? $2",
      [client.enterpriseId, id],
    );
    expect(rows).toEqual([{ count: 0 }]);
  });

  test("that a customer's write has overtaken takes what was written", async () => {
    const client = await it.client();
    const id = await field(client, {});
    const customerId = await customer(client, id, "before");
    // Somebody writes: customers' writes go on, and the deletion waits.
    await it.database.admin.query("begin");
    await it.database.admin.query("select pg_advisory_xact_lock_shared(hashtextextended($1, 0))", [
      client.enterpriseId,
    ]);
    const meanwhile = await client.patch(`${customersPath}/${customerId}`, {
      customfields: [{ id, value: "meanwhile" }],
    });
    expect(meanwhile.status).toBe(200);
    const deleting = client.delete(`${path}/${id}`);
    await waiting();
    const late = client.patch(`${customersPath}/${customerId}`, { customfields: [{ id, value: "late" }] });
    await it.database.admin.query("commit");
    expect((await deleting).status).toBe(200);
    expect((await late).body.errorCode).toBe("FIELD_UNKNOWN");
    expect((await stored(customerId)).values).toEqual({});
    expect((await changesOf(customerId)).at(-1)).toMatchObject({
      reason: "field_deleted",
      before: { values: { [id]: "meanwhile" } },
    });
  });

  /** Until somebody waits for the lock. */
  async function waiting(): Promise<void> {
    for (;;) {
      const { rows } = await it.database.admin.query(
        `select from pg_locks where locktype = 'advisory' and not granted
           and database = (select oid from pg_database where datname = current_database())`,
      );
      if (rows.length > 0) return;
    }
  }
});
