import { rendered } from "@clientele/contract/field-errors";
import { describe, expect, test } from "vitest";
import { startApp } from "../../testing/start-app.ts";

const app = startApp();
const customers = "/v1/enterprise-customers";
type WireError = { in: string; path: string; code: string; key: never; params: never; message: string };

describe("extras.errors", () => {
  test.each([
    ["a wrong value", { customfields: [{ id: "email", value: "nobody" }] }, ["EMAIL_INVALID"]],
    ["an unknown field", { customfields: [{ id: "shoe", value: "1" }] }, ["FIELD_NAME_UNKNOWN"]],
    ["a wrong shape", { external_id: 1, colour: "red" }, ["NOT_OF_TYPES", "ATTRIBUTE_UNKNOWN"]],
  ])("has the key and parameters of %s, and details its text", async (_what, body, keys) => {
    const client = await app.client();
    const answer = await client.post(customers, body);
    expect(answer.status).toBe(400);
    const errors = answer.body.extras.errors as WireError[];
    expect(errors.map(({ key }) => key).sort()).toEqual([...keys].sort());
    for (const { in: location, path, key, params, message } of errors) {
      expect(message).toBe(rendered(key, params));
      expect(answer.body.details[location][path]).toBe(message);
    }
  });

  test("is absent where no field is wrong", async () => {
    const client = await app.client();
    const answer = await client.get(`${customers}/0123456789abcdef01234567`);
    expect(answer.body).toMatchObject({ errorCode: "CUSTOMER_NOT_FOUND", details: null, extras: null });
  });
});

test("a row of an import has the keys of its errors", async () => {
  const client = await app.client();
  const row = {
    external_id: "A",
    customfields: [
      { id: "birthday", value: "soon" },
      { id: "email", value: "x" },
    ],
  };
  const { body } = await client.post(`${customers}/import`, { customers: [row] });
  for (const { key, params, message } of body.data.results[0].errors as WireError[])
    expect(message).toBe(rendered(key, params));
  expect(body.data.results[0].errors.length).toBeGreaterThan(0);
});
