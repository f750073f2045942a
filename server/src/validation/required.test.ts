import { expect, test } from "vitest";
import { required } from "./required.ts";

test("a required value is answered as it is, and a missing one fails by its name", () => {
  expect(required(0, "count")).toBe(0);
  expect(required("", "text")).toBe("");
  expect(() => required(undefined, "the import")).toThrow("the import is missing.");
  expect(() => required(null, "the import")).toThrow("the import is missing.");
});
