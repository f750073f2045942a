import { describe, expect, test } from "vitest";
import {
  createCustomersWith,
  createCustomerWith,
  createField,
  expectRuleBroken,
  fieldsPath,
  foundBy,
  storedOf,
  uniqueKeysOf,
} from "../testing/fields.ts";
import { journalOf } from "../testing/journal.ts";
import { startApp } from "../testing/start-app.ts";

const it = startApp();
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
    const client = await it.client();
    const { id } = await createField(client, { type: from, ...before });
    const customerId = await createCustomerWith(client, id, value);
    const old = await storedOf(it.database, customerId);
    const { status, body } = await client.patch(`${fieldsPath}/${id}`, { type: to, ...after });
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body.data).toMatchObject({ type: to, isMultiple: to === "MULTI_SELECT" });
    const now = await storedOf(it.database, customerId);
    expect(now.values).toEqual({ [id]: expected });

    const changes = await journalOf(it, customerId);
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
    const { id } = await createField(client);
    const [good, bad] = await createCustomersWith(client, id, ["+49301234567", "call me", undefined]);
    expectRuleBroken(await client.patch(`${fieldsPath}/${id}`, { type: "PHONE" }), "type", [bad!]);
    expect(await storedOf(it.database, good!)).toMatchObject({
      values: { [id]: "+49301234567" },
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

  test("keeps an option that can no longer be chosen with those who have it", async () => {
    const client = await it.client();
    const { id } = await createField(client, { type: "SELECT", select_options: ["a", "b"] });
    const customerId = await createCustomerWith(client, id, "a");
    await client.patch(`${fieldsPath}/${id}`, { select_options: ["b"] });
    expect((await client.patch(`${fieldsPath}/${id}`, { type: "MULTI_SELECT" })).status).toBe(200);
    expect((await storedOf(it.database, customerId)).values).toEqual({ [id]: ["a"] });
  });

  test("drops what the new type has no use for", async () => {
    const client = await it.client();
    const { id } = await createField(client, { validation: { maxLength: 9 } });
    const { body } = await client.patch(`${fieldsPath}/${id}`, { type: "NUMBER" });
    expect(body.data.validation).toEqual({});
    const { id: unique } = await createField(client, { label: "Unique", is_unique: true });
    const refused = await client.patch(`${fieldsPath}/${unique}`, { type: "TEXTAREA" });
    expect(refused.status).toBe(400);
    expect(refused.body.details.body).toHaveProperty("is_unique");
  });

  test("compares the values of a unique field as the new type does", async () => {
    const client = await it.client();
    const { id } = await createField(client, { is_unique: true });
    const [one, other] = await createCustomersWith(client, id, ["ann@example.com", "ANN@example.com"]);
    expectRuleBroken(await client.patch(`${fieldsPath}/${id}`, { type: "EMAIL" }), "is_unique", [
      one!,
      other!,
    ]);
    await client.delete(`${customersPath}/${one}`);
    expect((await client.patch(`${fieldsPath}/${id}`, { type: "EMAIL" })).status).toBe(200);
    expect(await uniqueKeysOf(it.database, id)).toEqual([{ key: "ann@example.com", customerId: other }]);
  });

  test("lets the customers be found by what they have now", async () => {
    const client = await it.client();
    const { id } = await createField(client);
    const customerId = await createCustomerWith(client, id, "+49 30 1234567");
    expect(await foundBy(client, "030 1234567")).toEqual([]);
    await client.patch(`${fieldsPath}/${id}`, { type: "PHONE" });
    expect(await foundBy(client, "030 1234567")).toEqual([customerId]);
  });
});
