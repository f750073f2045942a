import * as contract from "@clientele/contract";
import { DateOrTime, Id, Timestamp } from "@clientele/contract/formats";
import { Type } from "typebox";
import { describe, expect, test } from "vitest";
import { compileCheck } from "./schema-check.ts";

const messagesOf = (check: ReturnType<typeof compileCheck>, value: unknown) =>
  Object.fromEntries(check(value).map(({ path, message }) => [path, message]));

const checkCustomer = compileCheck(contract.routes.createCustomer.body, "body");
const checkField = compileCheck(contract.routes.createCustomField.body, "body");
const checkImport = compileCheck(contract.routes.importCustomers.bodyEnvelope, "body");

describe("every error has a message and a path", () => {
  test("of a customer", () => {
    const fieldErrors = messagesOf(checkCustomer, {
      external_id: 5,
      customfields: [{ id: 7, value: 1, note: "x" }, "y", { values: ["a", 2] }],
      tag_ids: "one",
      booker_id: "x".repeat(256),
      nickname: "Al",
    });
    expect(fieldErrors).toEqual({
      external_id: "must be a string or null",
      "customfields.0.id": "must be a string",
      "customfields.0.value": "must be a string or null",
      "customfields.0.note": "is not a known attribute",
      "customfields.1": "must be an object",
      "customfields.2.id": "is required",
      "customfields.2.values.1": "must be a string",
      tag_ids: "must be an array or null",
      booker_id: "must have at most 255 characters",
      nickname: "is not a known attribute",
    });
  });

  test("of a custom field", () => {
    const fieldErrors = messagesOf(checkField, {
      label: "",
      type: "COLOUR",
      order_index: -1.5,
      is_unique: "yes",
      select_options: ["", { label: "x" }, 5],
      validation: { min: "1", pattern: "x".repeat(257) },
    });
    expect(fieldErrors).toEqual({
      label: "must not be empty",
      type: expect.stringMatching(/^must be one of "TEXT", .*"MULTI_SELECT"$/),
      order_index: "must be an integer",
      is_unique: "must be true or false",
      "select_options.0": "must not be empty",
      "select_options.1.value": "is required",
      "select_options.2": "must be a string or an object",
      "validation.min": "must be a number",
      "validation.pattern": "must have at most 256 characters",
    });
    expect(messagesOf(checkField, { label: "x", type: "TEXT", order_index: -1 })).toEqual({
      order_index: "must be 0 or more",
    });
    expect(messagesOf(checkField, [])).toEqual({ "": "must be an object" });
  });

  test("of an import", () => {
    expect(messagesOf(checkImport, "x")).toEqual({ "": "must be an object or an array" });
    expect(messagesOf(checkImport, { customers: [], mode: "replace", match_on: ["id", "id"] })).toEqual({
      mode: 'must be one of "upsert", "create", "update"',
      match_on: "must not repeat an entry",
    });
    expect(messagesOf(checkImport, Array(10_001).fill({}))).toEqual({});
  });

  test("by the error key of a pattern", () => {
    const check = compileCheck(Type.Object({ id: Id, at: Timestamp, since: DateOrTime }), "query");
    expect(messagesOf(check, { id: "x", at: "x", since: "x" })).toEqual({
      id: "must be 24 lower-case hex digits",
      at: "must be UTC, YYYY-MM-DDTHH:MM:SSZ",
      since: "must be a date (YYYY-MM-DD) or a date-time; without an offset it is UTC",
    });
  });

  test("for attribute names with special characters", () => {
    expect(messagesOf(checkCustomer, { "a/b~c": 1, constructor: 1 })).toEqual({
      "a/b~c": "is not a known attribute",
      constructor: "is not a known attribute",
    });
  });
});

test("reports at most 1,000 errors, and one error for a list that is too long", () => {
  const many = Array.from({ length: 1_000 }, () => ({ id: 1, value: 2, values: [3, 4] }));
  expect(checkCustomer({ customfields: many })).toHaveLength(1_000);
  const unknown = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, 1]));
  expect(checkCustomer(unknown)).toHaveLength(1_000);
  expect(messagesOf(checkCustomer, { customfields: Array(300_000).fill({}) })).toEqual({
    customfields: "must have at most 1000 entries",
  });
  expect(messagesOf(checkImport, { customers: [], match_on: Array(1_000_000).fill({}) })).toEqual({
    match_on: "must have at most 3 entries",
  });
});
