import { describe, expect, test } from "vitest";
import {
  createCustomersWith,
  createCustomerWith,
  createField,
  expectRuleBroken,
  fieldsPath,
  foundBy,
  uniqueKeysOf,
} from "../testing/fields.ts";
import { journalOf } from "../testing/journal.ts";
import { type Client, startApp } from "../testing/start-app.ts";

const app = startApp();
const customersPath = "/v1/enterprise-customers";

describe("making a field unique", () => {
  test("claims stored values, and releases them when the rule is removed", async () => {
    const client = await app.client();
    const { id } = await createField(client);
    const [one] = await createCustomersWith(client, id, ["A", "a", undefined]);
    expect((await client.patch(`${fieldsPath}/${id}`, { is_unique: true })).status).toBe(200);
    const taken = await client.post(customersPath, { customfields: [{ id, value: "A" }] });
    expect(taken.body.errorCode).toBe("FIELD_VALUE_TAKEN");
    expect(taken.body.details.body["customfields.0.value"]).toContain(one);
    expect((await client.patch(`${fieldsPath}/${id}`, { is_unique: false })).status).toBe(200);
    expect(await uniqueKeysOf(app.database, id)).toEqual([]);
    await createCustomerWith(client, id, "A");
  });

  test("is rejected with the customers that share a value, and claims nothing", async () => {
    const client = await app.client();
    const { id } = await createField(client);
    const [a, , b, c] = await createCustomersWith(client, id, ["x", "y", "x", "x", undefined]);
    expectRuleBroken(await client.patch(`${fieldsPath}/${id}`, { is_unique: true }), "is_unique", [
      a!,
      b!,
      c!,
    ]);
    expect(await uniqueKeysOf(app.database, id)).toEqual([]);
    expect((await client.get(`${fieldsPath}/${id}`)).body.data.isUnique).toBe(false);
  });

  test("lists at most twenty customers", async () => {
    const client = await app.client();
    const { id } = await createField(client);
    const ids = await createCustomersWith(client, id, Array(25).fill("x"));
    expectRuleBroken(await client.patch(`${fieldsPath}/${id}`, { is_unique: true }), "is_unique", ids);
  });

  test("compares e-mails without case, phones by number, long texts whole", async () => {
    const client = await app.client();
    const long = "l".repeat(300);
    const alike: [string, string, string][] = [
      ["EMAIL", "Ann@Example.com", "ann@example.COM"],
      ["PHONE", "+49301234567", '{"number":"030 1234567","country":"DE"}'],
      ["TEXT", long, long],
    ];
    for (const [type, one, other] of alike) {
      const { id } = await createField(client, { label: type, type });
      const ids = await createCustomersWith(client, id, [one, other]);
      expectRuleBroken(await client.patch(`${fieldsPath}/${id}`, { is_unique: true }), "is_unique", ids);
    }
    const { id } = await createField(client, { label: "Long" });
    await createCustomersWith(client, id, [`${long}a`, `${long}b`]);
    expect((await client.patch(`${fieldsPath}/${id}`, { is_unique: true })).status).toBe(200);
  });

  test("claims the same keys as writes, for any letters and length", async () => {
    const client = await app.client();
    const mail = (name: string) => `${name}@example.com`;
    const longMail = `L@${"l".repeat(60)}.${"l".repeat(60)}.${"l".repeat(60)}.${"l".repeat(60)}.com`;
    const values: [string, string[]][] = [
      ["EMAIL", [...["Ann", "ÄNN", "İ", "ΣΑΣ", "ß", "'\\\"%_"].map(mail), longMail]],
      [
        "TEXT",
        ["a", "A", "ä", '"', "a\nb", "a".repeat(200), "a".repeat(201), "😀".repeat(100), "😀".repeat(101)],
      ],
      ["PHONE", ["+49301234567", "+390612345678"]],
      ["URL", ["https://example.com/A", `https://example.com/${"a".repeat(300)}`]],
      ["NUMBER", ["1", "1.0", "-1"]],
    ];
    for (const [type, ofType] of values) {
      const born = await createField(client, { label: `${type} 1`, type, is_unique: true });
      const made = await createField(client, { label: `${type} 2`, type });
      for (const value of ofType) {
        const customfields = [born, made].map(({ id }) => ({ id, value }));
        const { status, text } = await client.post(customersPath, { customfields });
        expect(status, text).toBe(201);
      }
      expect((await client.patch(`${fieldsPath}/${made.id}`, { is_unique: true })).status).toBe(200);
      const keys = await uniqueKeysOf(app.database, made.id);
      expect(keys).toHaveLength(ofType.length);
      expect(keys).toEqual(await uniqueKeysOf(app.database, born.id));
    }
    // The Kelvin sign equals K without case.
    const { id } = await createField(client, { label: "Kelvin", type: "EMAIL" });
    const ids = await createCustomersWith(client, id, ["k", "x", "\u212A"].map(mail));
    expectRuleBroken(await client.patch(`${fieldsPath}/${id}`, { is_unique: true }), "is_unique", [
      ids[0]!,
      ids[2]!,
    ]);
  });

  test("ignores other enterprises", async () => {
    const other = await app.client();
    await client_email(other);
    const client = await app.client();
    await client_email(client);
    expect((await client.patch(`${fieldsPath}/email`, { is_unique: true })).status).toBe(200);
  });

  const client_email = (client: Client) =>
    client.post(customersPath, { customfields: [{ id: "email", value: "ann@example.com" }] });
});

describe("making a field mandatory", () => {
  test("is rejected with the customers that have no value", async () => {
    const client = await app.client();
    const { id } = await createField(client);
    const [, without] = await createCustomersWith(client, id, ["x", undefined]);
    expectRuleBroken(await client.patch(`${fieldsPath}/${id}`, { is_mandatory: true }), "is_mandatory", [
      without!,
    ]);
    await client.patch(`${customersPath}/${without}`, { customfields: [{ id, value: "y" }] });
    expect((await client.patch(`${fieldsPath}/${id}`, { is_mandatory: true })).status).toBe(200);
    expect((await client.post(customersPath, {})).body.errorCode).toBe("FIELD_MANDATORY");
  });

  test("does not check stored customers when the field is new", async () => {
    const client = await app.client();
    await client.post(customersPath, {});
    await createField(client, { is_mandatory: true });
    expect((await client.post(customersPath, {})).body.errorCode).toBe("FIELD_MANDATORY");
  });
});

describe("making a field searchable", () => {
  test("adds and removes search terms without any visible change", async () => {
    const client = await app.client();
    const { id } = await createField(client);
    const customerId = await createCustomerWith(client, id, "platinum");
    const before = await client.get(`${customersPath}/${customerId}`);
    expect(await foundBy(client, "plat")).toEqual([]);
    await client.patch(`${fieldsPath}/${id}`, { is_searchable: true });
    expect(await foundBy(client, "plat")).toEqual([customerId]);
    await client.patch(`${fieldsPath}/${id}`, { is_searchable: false });
    expect(await foundBy(client, "plat")).toEqual([]);
    expect((await client.get(`${customersPath}/${customerId}`)).text).toBe(before.text);
    expect(await journalOf(app, customerId)).toHaveLength(1);
  });
});
