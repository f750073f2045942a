import { describe, expect, test } from "vitest";
import { definitionsWith } from "../../testing/definitions.ts";
import { readFilters } from "./filters.ts";
import { readListQuery } from "./query.ts";
import { readSelection } from "./selection.ts";

const definitions = definitionsWith();
const pathsOf = ({ fieldErrors }: { fieldErrors: readonly { path: string; code: string }[] }) =>
  fieldErrors.map(({ path, code }) => `${path}: ${code}`);

describe("a key that nothing reads is an error", () => {
  test("among the filters of a query", () => {
    const query = JSON.parse('{ "ids": [], "has_email": false, "constructor": 1, "__proto__": 2 }');
    expect(pathsOf(readFilters(definitions, query))).toEqual([
      "has_email: REQUEST_INVALID",
      "constructor: REQUEST_INVALID",
      "__proto__: REQUEST_INVALID",
    ]);
  });

  test("among the parameters of a list", () => {
    const query = JSON.parse('{ "page": 1, "limit": 10, "sort": "email", "has_email": false }');
    expect(pathsOf(readListQuery(definitions, query))).toEqual(["has_email: REQUEST_INVALID"]);
  });

  test("of a selection and of its query", () => {
    const selection = JSON.parse('{ "query": { "has_email": false }, "only_ids": [] }');
    expect(pathsOf(readSelection(definitions, selection))).toEqual([
      "selection.only_ids: REQUEST_INVALID",
      "selection.query.has_email: REQUEST_INVALID",
    ]);
  });
});
