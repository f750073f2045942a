import { expect, test } from "vitest";
import { required } from "./required.ts";

test("returns a present value and throws the name of a missing one", () => {
  expect(required(0, "count")).toBe(0);
  expect(required("", "text")).toBe("");
  expect(() => required(undefined, "the import")).toThrow("the import is missing.");
  expect(() => required(null, "the import")).toThrow("the import is missing.");
});
