import { describe, expect, test } from "vitest";
import { createField, fieldsPath } from "../../testing/fields.ts";
import { startApp } from "../../testing/start-app.ts";

const app = startApp();

describe("field validation", () => {
  test("accepts only rules that apply to the type", async () => {
    const client = await app.client();
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

  test("accepts patterns of the linear-time engine and explains rejections", async () => {
    const client = await app.client();
    const post = (pattern: string) =>
      client.post(fieldsPath, { label: "Code", type: "TEXT", validation: { pattern } });
    const open = await post("(ab");
    expect(open.status).toBe(400);
    expect(open.body.details.body["validation.pattern"]).toContain("missing closing )");
    const lookbehind = await post("(?<=a)b");
    expect(lookbehind.status).toBe(400);
    const large = await post("\\pL{900}\\pL{900}");
    expect(large.body.details.body["validation.pattern"]).toContain("at most 1000 are allowed");
    const nested = await post("(a+)+$");
    expect(nested.status).toBe(201);
    const { id } = nested.body.data;
    const value = `${"a".repeat(4_000)}!`;
    const customer = await client.post("/v1/enterprise-customers", { customfields: [{ id, value }] });
    expect(customer.body.errorCode).toBe("FIELD_VALUE_INVALID");
  });

  test("applies to new writes and keeps stored values", async () => {
    const client = await app.client();
    const { id } = await createField(client);
    const { body } = await client.post("/v1/enterprise-customers", { customfields: [{ id, value: "long" }] });
    const tightened = await client.patch(`${fieldsPath}/${id}`, { validation: { maxLength: 2 } });
    expect(tightened.status).toBe(200);
    const fetched = await client.get(`/v1/enterprise-customers/${body.data.id}`);
    expect(fetched.body).toEqual(body);
    const anew = await client.post("/v1/enterprise-customers", { customfields: [{ id, value: "long" }] });
    expect(anew.body.errorCode).toBe("FIELD_VALUE_INVALID");
  });
});

describe("trying values of a draft field", () => {
  test("returns an error or the stored form per value and stores nothing", async () => {
    const client = await app.client({ scopes: ["READ"] });
    const tried = async (body: object) => client.post(`${fieldsPath}/try`, body);
    const results = async (body: object) => (await tried(body)).body.data.results;
    const stored = (value: string) => ({ fault: null, error: null, value, values: [] });
    const validation = { minLength: 2, pattern: "[A-Z]+" };
    expect(await results({ type: "TEXT", validation, values: [" AB\u200b ", "A", "ab", ""] })).toMatchObject([
      stored("AB"),
      { fault: "must have at least 2 characters", value: "", values: [] },
      { fault: "does not match the field's pattern", value: "", values: [] },
      stored(""),
    ]);
    const phone = '{"country":"DE","number":"301234567","phone":"+49301234567","prefix":"+49"}';
    expect(await results({ type: "PHONE", values: ["+49 30 1234567"] })).toEqual([stored(phone)]);
    const choices = await results({
      type: "MULTI_SELECT",
      select_options: ["a", "b"],
      values: [["b", "a"], ["c"]],
    });
    expect(choices[0]).toEqual({ fault: null, error: null, value: "", values: ["b", "a"] });
    expect(choices[1].fault).toContain("is not an option");
    const refused = await tried({ type: "NUMBER", validation: { pattern: "(" }, values: [] });
    expect(refused.status).toBe(400);
    expect(Object.keys(refused.body.details.body)).toEqual(["validation.pattern"]);
    expect((await client.get(fieldsPath)).body.total).toBe(13);
  });
});
