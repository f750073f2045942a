import { describe, expect, test } from "vitest";
import { violationsOfImports } from "./import-violations.ts";
import { cyclesOf, importsOf } from "./imports.ts";
import { violationsOfTables } from "./table-violations.ts";

const violations = (files: Record<string, string>): string[] => {
  const sources = new Map(Object.entries(files));
  return violationsOfImports(sources, importsOf(sources));
};

describe("an import is refused", () => {
  test("of a folder above", () => {
    expect(
      violations({ "server/src/customers/write.ts": 'import { list } from "../events/operations.ts";\n' }),
    ).toEqual([
      "server/src/customers/write.ts:1 imports server/src/events/operations.ts: events is not below customers",
    ]);
  });

  test("of a folder in the same layer", () => {
    expect(
      violations({ "server/src/exports/lines.ts": 'import { x } from "../imports/x.ts";\n' }),
    ).toHaveLength(1);
  });

  test("of a type, and over several lines", () => {
    const source = 'import type {\n  List,\n  Page,\n} from "../imports/x.ts";\n';
    expect(violations({ "server/src/customers/write.ts": source })).toEqual([
      "server/src/customers/write.ts:4 imports server/src/imports/x.ts: imports is not below customers",
    ]);
  });

  test("by a re-export, and at run time", () => {
    const source = 'export { a } from "../imports/a.ts";\nconst b = await import("../imports/b.ts");\n';
    expect(violations({ "server/src/customers/write.ts": source })).toHaveLength(2);
  });

  test("of the driver outside database/", () => {
    const source = 'import type pg from "pg";\n';
    expect(
      violations({ "server/src/people/accounts.ts": source, "server/src/database/pools.ts": source }),
    ).toEqual(["server/src/people/accounts.ts:1 imports pg: only database/ imports the driver"]);
  });

  test("of our code by the contract, of Node by the SDK and the console", () => {
    expect(
      violations({
        "contract/tags.ts": 'import { x } from "../server/src/tags/x.ts";\nimport { Type } from "typebox";\n',
        "sdk/src/client.ts":
          'import { join } from "node:path";\nimport { routes } from "@clientele/contract";\n',
        "console/src/main.tsx": 'import { join } from "node:path";\n',
      }),
    ).toHaveLength(3);
  });

  test("of another domain's store, unless of its types", () => {
    expect(
      violations({
        "server/src/imports/a.ts": 'import { insert } from "../customers/store.ts";\n',
        "server/src/imports/b.ts": 'import { type A, type B } from "../customers/store.ts";\n',
        "server/src/imports/c.ts": 'import { type A, insert } from "../customers/store.ts";\n',
      }),
    ).toEqual([
      "server/src/imports/a.ts:1 imports server/src/customers/store.ts: the store of another domain",
      "server/src/imports/c.ts:1 imports server/src/customers/store.ts: the store of another domain",
    ]);
  });

  test("of HTTP by a store", () => {
    const source = 'import { x } from "../http/mount.ts";\n';
    expect(violations({ "server/src/webhooks/delivery-store.ts": source })).toEqual([
      "server/src/webhooks/delivery-store.ts:1 imports server/src/http/mount.ts: a store knows the session, the contract and SQL fragments of lower domains",
    ]);
  });
});

test("an import of a lower folder is accepted, and everything in a test", () => {
  expect(
    violations({
      "server/src/events/write.ts": 'import { lock } from "../customers/lock.ts";\n',
      "server/src/customers/list.test.ts": 'import { x } from "../imports/x.ts";\n',
      "server/src/app.ts": 'import { x } from "./imports/x.ts";\n',
    }),
  ).toEqual([]);
});

test("a folder without a layer is named", () => {
  expect(violations({ "server/src/loyalty/operations.ts": "" })).toEqual([
    "server/src/loyalty/ has no layer in architecture/rules.ts",
  ]);
});

test("a cycle is named with its files", () => {
  expect(
    violations({
      "cli/src/a.ts": 'import type { B } from "./b.ts";\n',
      "cli/src/b.ts": 'import type { C } from "./c.ts";\n',
      "cli/src/c.ts": 'import type { A } from "./a.ts";\n',
    }),
  ).toEqual(["import cycle: cli/src/a.ts, cli/src/b.ts, cli/src/c.ts"]);
});

test("two cycles that touch no common file are two", () => {
  const edges = new Map([
    ["a", new Set(["b", "c"])],
    ["b", new Set(["a"])],
    ["c", new Set(["d"])],
    ["d", new Set(["c"])],
    ["e", new Set(["a"])],
  ]);
  expect(cyclesOf(edges)).toEqual([
    ["c", "d"],
    ["a", "b"],
  ]);
});

describe("SQL", () => {
  const ofTables = (files: Record<string, string>) => violationsOfTables(new Map(Object.entries(files)), []);

  test("on another folder's table is refused", () => {
    expect(
      ofTables({
        "server/src/tags/store.ts": "sql`select 1\n  from webhooks w`",
        "server/src/webhooks/store.ts": "sql`update webhooks set x = 1`",
      }),
    ).toEqual(["server/src/tags/store.ts:2 has SQL on webhooks, which webhooks/ owns"]);
  });

  test("that joins, inserts, updates or deletes counts as well", () => {
    const source =
      "sql`delete from apps` sql`insert into apps (id)` sql`update apps a set x = 1` sql`t left join apps a`";
    expect(ofTables({ "server/src/tags/store.ts": source })).toHaveLength(4);
  });

  test("on a table that has no owner is refused", () => {
    expect(violationsOfTables(new Map(), ["create table loyalty_cards (id text);"])).toEqual([
      "table loyalty_cards has no owner in architecture/rules.ts",
    ]);
  });
});
