import { describe, expect, test } from "vitest";
import { createField, fieldsPath } from "../testing/fields.ts";
import { startApp } from "../testing/start-app.ts";

const it = startApp();

describe("a field's validation", () => {
  test("has only what means something for its type", async () => {
    const client = await it.client();
    const refused = async (type: string, validation: object) =>
      Object.keys((await client.post(fieldsPath, { label: "F", type, validation })).body.details.body);
    expect(await refused("NUMBER", { minLength: 1, pattern: "a" })).toEqual([
      "validation.minLength",
      "validation.pattern",
    ]);
    expect(await refused("DATE", { min: 1 })).toEqual(["validation.min"]);
    expect(await refused("PHONE", { pattern: ".*" })).toEqual(["validation.pattern"]);
    expect(await refused("TEXT", { max: 1 })).toEqual(["validation.max"]);
    expect(await refused("TEXT", { minLength: 3, maxLength: 2 })).toEqual(["validation.minLength"]);
    expect(await refused("NUMBER", { min: 3, max: 2 })).toEqual(["validation.min"]);
  });

  test("has a pattern that the linear engine takes, or says why it does not", async () => {
    const client = await it.client();
    const post = (pattern: string) =>
      client.post(fieldsPath, { label: "Code", type: "TEXT", validation: { pattern } });
    const open = await post("(ab");
    expect(open.status).toBe(400);
    expect(open.body.details.body["validation.pattern"]).toContain("missing closing )");
    const lookbehind = await post("(?<=a)b");
    expect(lookbehind.status).toBe(400);
    const large = await post("\\pL{900}\\pL{900}");
    expect(large.body.details.body["validation.pattern"]).toContain("too large");
    const nested = await post("(a+)+$");
    expect(nested.status).toBe(201);
    const { id } = nested.body.data;
    const value = `${"a".repeat(4_000)}!`;
    const customer = await client.post("/v1/enterprise-customers", { customfields: [{ id, value }] });
    expect(customer.body.errorCode).toBe("FIELD_VALUE_INVALID");
  });

  test("is for new writes: stored values stay", async () => {
    const client = await it.client();
    const { id } = await createField(client);
    const { body } = await client.post("/v1/enterprise-customers", { customfields: [{ id, value: "long" }] });
    const tightened = await client.patch(`${fieldsPath}/${id}`, { validation: { maxLength: 2 } });
    expect(tightened.status).toBe(200);
    const kept = await client.get(`/v1/enterprise-customers/${body.data.id}`);
    expect(kept.body).toEqual(body);
    const anew = await client.post("/v1/enterprise-customers", { customfields: [{ id, value: "long" }] });
    expect(anew.body.errorCode).toBe("FIELD_VALUE_INVALID");
  });
});
