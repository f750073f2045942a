import { describe, expect, test } from "vitest";
import {
  createCustomersWith,
  createCustomerWith,
  createField,
  expectRuleBroken,
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
    const client = await app.client();
    const { id } = await createField(client, { type: from, ...before });
    const customerId = await createCustomerWith(client, id, value);
    const old = await storedOf(app.database, customerId);
    const { status, body } = await client.patch(`${fieldsPath}/${id}`, { type: to, ...after });
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body.data).toMatchObject({ type: to, isMultiple: to === "MULTI_SELECT" });
    const now = await storedOf(app.database, customerId);
    expect(now.values).toEqual({ [await fieldKeyOf(app.database, client, id)]: expected });

    const changes = await journalOf(app, customerId);
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

  test("is rejected with the customers whose value cannot be converted, and rewrites none", async () => {
    const client = await app.client();
    const { id } = await createField(client);
    const [good, bad] = await createCustomersWith(client, id, ["+49301234567", "call me", undefined]);
    expectRuleBroken(await client.patch(`${fieldsPath}/${id}`, { type: "PHONE" }), "type", [bad!]);
    expect(await storedOf(app.database, good!)).toMatchObject({
      values: { [await fieldKeyOf(app.database, client, id)]: "+49301234567" },
      version: 1,
    });

    const { id: several } = await createField(client, {
      label: "Several",
      type: "MULTI_SELECT",
      select_options: ["a", "b"],
    });
    const both = await createCustomerWith(client, several, ["a", "b"]);
    expectRuleBroken(await client.patch(`${fieldsPath}/${several}`, { type: "SELECT" }), "type", [both]);
  });

  test("keeps an inactive option for the customers that have it", async () => {
    const client = await app.client();
    const { id } = await createField(client, { type: "SELECT", select_options: ["a", "b"] });
    const customerId = await createCustomerWith(client, id, "a");
    await client.patch(`${fieldsPath}/${id}`, { select_options: ["b"] });
    expect((await client.patch(`${fieldsPath}/${id}`, { type: "MULTI_SELECT" })).status).toBe(200);
    const key = await fieldKeyOf(app.database, client, id);
    expect((await storedOf(app.database, customerId)).values).toEqual({ [key]: ["a"] });
  });

  test("drops attributes that do not apply to the new type", async () => {
    const client = await app.client();
    const { id } = await createField(client, { validation: { maxLength: 9 } });
    const { body } = await client.patch(`${fieldsPath}/${id}`, { type: "NUMBER" });
    expect(body.data.validation).toEqual({});
    const { id: unique } = await createField(client, { label: "Unique", is_unique: true });
    const refused = await client.patch(`${fieldsPath}/${unique}`, { type: "TEXTAREA" });
    expect(refused.status).toBe(400);
    expect(refused.body.details.body).toHaveProperty("is_unique");
  });

  test("compares unique values by the rules of the new type", async () => {
    const client = await app.client();
    const { id } = await createField(client, { is_unique: true });
    const [one, other] = await createCustomersWith(client, id, ["ann@example.com", "ANN@example.com"]);
    expectRuleBroken(await client.patch(`${fieldsPath}/${id}`, { type: "EMAIL" }), "is_unique", [
      one!,
      other!,
    ]);
    await client.delete(`${customersPath}/${one}`);
    expect((await client.patch(`${fieldsPath}/${id}`, { type: "EMAIL" })).status).toBe(200);
    expect(await uniqueKeysOf(app.database, id)).toEqual([{ key: "ann@example.com", customerId: other }]);
  });

  test("updates search terms to the new values", async () => {
    const client = await app.client();
    const { id } = await createField(client);
    const customerId = await createCustomerWith(client, id, "+49 30 1234567");
    expect(await foundBy(client, "030 1234567")).toEqual([]);
    await client.patch(`${fieldsPath}/${id}`, { type: "PHONE" });
    expect(await foundBy(client, "030 1234567")).toEqual([customerId]);
  });
});

describe("a dry run reports the effect of a change", () => {
  const dry = { query: { dry_run: "1" } };
  const everything = async (enterpriseId: string) =>
    (
      await app.database.admin.query(
        `select (select json_agg(c order by id) from customers c where enterprise_id = $1) as customers,
           (select json_agg(v order by customer_id) from customer_versions v where enterprise_id = $1) as versions,
           (select json_agg(f order by id) from custom_fields f where enterprise_id = $1) as fields,
           (select json_agg(u order by key) from unique_values u where enterprise_id = $1) as taken,
           (select count(*) from changes where enterprise_id = $1) as changes,
           (select definitions_revision from enterprises where key = $1) as revision`,
        [enterpriseId],
      )
    ).rows[0];

  test("lists every broken rule, while the change itself reports the first", async () => {
    const client = await app.client();
    const { id } = await createField(client);
    const one = `${fieldsPath}/${id}`;
    const ids = await createCustomersWith(client, id, ["1", "1", "1.50", "many", undefined]);
    const before = await everything(client.enterpriseId);
    const change = { type: "NUMBER", is_unique: true, is_mandatory: true, validation: { max: 1 } };
    const { status, body, headers } = await client.patch(one, change, dry);
    expect(status).toBe(200);
    expect(headers["etag"]).toBeUndefined();
    expect(body.data).toMatchObject({ id, type: "NUMBER", isUnique: true, isMandatory: true });
    const found = (...at: number[]) => ({
      count: at.length,
      customerIds: at.map((index) => ids[index]!).sort(),
    });
    expect(body.data.effect).toEqual({
      losing: { count: 0, customerIds: [] },
      rewritten: 0,
      breaking: [
        { rule: "mandatory", isRefused: true, ...found(4) },
        { rule: "type", isRefused: true, ...found(3) },
        { rule: "unique", isRefused: true, ...found(0, 1) },
        { rule: "validation", isRefused: false, ...found(2) },
      ],
      options: [],
    });
    expect(await everything(client.enterpriseId)).toEqual(before);
    expect((await client.patch(one, change)).status).toBe(409);
    const allowed = { validation: { maxLength: 1 } };
    const unfit = (await client.patch(one, allowed, dry)).body.data.effect.breaking;
    expect(unfit).toEqual([{ rule: "validation", isRefused: false, ...found(2, 3) }]);
    expect((await client.patch(one, allowed)).status).toBe(200);
    expect((await client.patch(one, { is_unique: true, type: "TEXTAREA" }, dry)).status).toBe(400);
  });

  test("lists options with their use and future", async () => {
    const client = await app.client();
    const select_options = ["a", "b", "c", "d"];
    const field = await createField(client, { type: "SELECT", select_options });
    const one = `${fieldsPath}/${field.id}`;
    await createCustomersWith(client, field.id, ["a", "a", "b", "c"]);
    const [a, b] = field.selectOptions;
    const change = {
      select_options: [
        { id: a.id, value: "a" },
        { id: b.id, value: "B" },
      ],
    };
    const before = await everything(client.enterpriseId);
    const { effect } = (await client.patch(one, change, dry)).body.data;
    expect(effect).toMatchObject({ rewritten: 1, breaking: [] });
    expect(effect.options).toEqual([
      { value: "a", customers: 2, becomes: "kept" },
      { value: "b", customers: 1, becomes: "renamed" },
      { value: "c", customers: 1, becomes: "inactive" },
      { value: "d", customers: 0, becomes: "gone" },
    ]);
    expect(await everything(client.enterpriseId)).toEqual(before);
    const retyped = (await client.patch(one, { type: "MULTI_SELECT" }, dry)).body.data.effect;
    expect(retyped).toMatchObject({ rewritten: 4, breaking: [], losing: { count: 0 } });

    const deletion = (await client.delete(one, dry)).body.data;
    expect(deletion).toMatchObject({ id: field.id, effect: { losing: { count: 4 }, breaking: [] } });
    expect(deletion.effect.losing.customerIds).toHaveLength(4);
    expect(deletion.effect.options.map((option: { becomes: string }) => option.becomes)).toEqual(
      Array(4).fill("gone"),
    );
    expect(await everything(client.enterpriseId)).toEqual(before);
    expect((await client.patch(one, change)).status).toBe(200);
  });

  test("is rejected like the change when another field has the name", async () => {
    const client = await app.client();
    const one = `${fieldsPath}/${(await createField(client)).id}`;
    await createField(client, { label: "Taken", external_id: "taken" });
    for (const change of [
      { label: "Taken" },
      { external_id: "taken" },
      { label: "Taken", external_id: "taken" },
    ]) {
      const refused = (await client.patch(one, change, dry)).body;
      const { requestId: _, ...same } = (await client.patch(one, change)).body;
      expect(refused).toMatchObject(same);
      expect(refused.errorCode).toMatch(/_TAKEN$/);
    }
    const own = { label: "Loyalty", external_id: "own" };
    expect((await client.patch(one, own)).status).toBe(200);
    expect((await client.patch(one, own, dry)).status).toBe(200);
    const once = { ...dry, headers: { "idempotency-key": "one" } };
    const [first, again] = [await client.patch(one, own, once), await client.patch(one, own, once)];
    expect([first.headers["idempotency-replayed"], again.headers["idempotency-replayed"]]).toEqual([
      undefined,
      "true",
    ]);
    expect(again.text).toBe(first.text);
  });

  test("reads one snapshot and neither waits for writes nor blocks them", async () => {
    const client = await app.client();
    const { admin } = app.database;
    const { id } = await createField(client);
    const one = `${fieldsPath}/${id}`;
    const ids = await createCustomersWith(client, id, ["1", "2"]);
    const changes = [
      { is_unique: true },
      { is_mandatory: true },
      { type: "NUMBER" },
      { validation: { maxLength: 1 } },
    ];

    // Another change of definitions holds locks on the field and its customers.
    await admin.query("begin");
    await admin.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [client.enterpriseId]);
    await admin.query("update custom_fields set label = 'Under way' where id = $1", [id]);
    await admin.query("update customer_versions set version = version + 1 where enterprise_id = $1", [
      client.enterpriseId,
    ]);
    for (const change of changes) expect((await client.patch(one, change, dry)).status).toBe(200);
    expect((await client.delete(one, dry)).body.data.effect.losing.count).toBe(2);
    await admin.query("rollback");

    // Pauses a dry run at a point where it must hold no lock that blocks writes.
    await admin.query("begin");
    await admin.query("lock table customers in access exclusive mode");
    const looking = client.patch(one, { is_unique: true }, dry);
    await locks("not granted and relation = 'customers'::regclass", (found) => found > 0);
    await locks("locktype = 'advisory'", (found) => found === 0);
    expect((await client.post("/v1/customer-tags", { name: "Meanwhile" })).status).toBe(201);
    const sameValue =
      "update customers set values = jsonb_build_object($2::text, '1') where enterprise_id = $1";
    await admin.query(sameValue, [client.enterpriseId, await fieldKeyOf(app.database, client, id)]);
    await admin.query("commit");
    expect((await looking).body.data.effect.breaking).toEqual([]);
    expectRuleBroken(await client.patch(one, { is_unique: true }), "is_unique", ids);
  });

  /** Resolves once this many locks are held or awaited. */
  async function locks(condition: string, areThere: (found: number) => boolean): Promise<void> {
    for (;;) {
      const { rows } = await app.database.admin.query(
        `select from pg_locks
         where database = (select oid from pg_database where datname = current_database()) and ${condition}`,
      );
      if (areThere(rows.length)) return;
    }
  }
});
