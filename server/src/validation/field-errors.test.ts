import { globSync, readFileSync } from "node:fs";
import { type FieldErrorKey, fieldErrors, reason, rendered } from "@clientele/contract/field-errors";
import { expect, test } from "vitest";

const keys = Object.keys(fieldErrors) as FieldErrorKey[];
const sources = globSync("server/src/**/*.ts")
  .filter((name) => !name.endsWith(".test.ts"))
  .map((name) => [name, readFileSync(name, "utf8")] as const);

test("a template shows each of its parameters", () => {
  for (const key of keys) {
    const names = [...fieldErrors[key].matchAll(/\{(\w+)(?:\[(?:or)?\])?\}/g)].map(([, name]) => name!);
    const params = Object.fromEntries(names.map((name) => [name, `<${name}>`]));
    const text = rendered(key, params);
    for (const name of names) expect(text).toContain(`<${name}>`);
    expect(text).not.toMatch(/[{}]/);
  }
});

test("a parameter between quotes is escaped, and a list is joined and cut", () => {
  expect(reason("XLSX_PART_MISSING", { part: 'a"b' }).message).toBe('is damaged: it has no part "a\\"b"');
  expect(reason("CELL_TAGS_UNKNOWN", { tags: ["a", 'b"'] }).message).toBe(
    'there is no tag "a", "b\\"", or several tags differ from it only in case',
  );
  const many = Array.from({ length: 1_000 }, (_, index) => `${index}`);
  const { params, message } = reason("NOT_ONE_OF", { options: many });
  expect(params["options"]).toHaveLength(41);
  expect(message).toMatch(/, 39, …$/);
});

test("a parameter that is missing does not compile", () => {
  // @ts-expect-error `max` is missing.
  expect(reason("TOO_LONG", {}).key).toBe("TOO_LONG");
  // @ts-expect-error REQUIRED has no parameters.
  expect(reason("REQUIRED", { max: 1 }).message).toBe("is required");
});

test("each key is used", () => {
  const contract = globSync("contract/*.ts")
    .filter((name) => !/field-errors(\.test)?\.ts$/.test(name))
    .map((name) => readFileSync(name, "utf8"));
  const all = [...sources.map(([, text]) => text), ...contract].join("\n");
  expect(keys.filter((key) => !all.includes(`"${key}"`))).toEqual([]);
});

test("no source of the server has the text of a field error", () => {
  const makers =
    /\b(?:bodyError|errorAt|cellError|fileInvalid|refuse|report|refusal|tell|keep|since|changedSince|invalid)\((?:[^()"`]|\([^()]*\))*?(?:"[a-z][^"]* [^"]*"|`[^`]* [^`]*`)\s*[,)]/g;
  const found = sources.flatMap(([name, text]) =>
    [...text.matchAll(makers)].map(([call]) => `${name}: ${call}`),
  );
  expect(found).toEqual([]);
});
