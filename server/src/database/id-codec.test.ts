import { randomBytes } from "node:crypto";
import pg from "pg";
import { expect, test, vi } from "vitest";
import { createEnterprise } from "../enterprises/operations.ts";
import { startApp } from "../testing/start-app.ts";
import { type EnterpriseDatabase, readingAs, writingAs } from "./as-enterprise.ts";
import { decoderOf, enterpriseKeyOf, idOf, uuidOf } from "./id-codec.ts";
import { raw, sql, textRows } from "./sql.ts";

const app = startApp();

const newId = (): string => randomBytes(12).toString("hex");

async function openReads(): Promise<EnterpriseDatabase> {
  const enterpriseId = await createEnterprise(app.database.operator, "Test", new Date());
  return readingAs(app.database.service, { enterpriseId, kind: "operator" });
}

test("an id survives the way into a uuid and back", () => {
  const id = "65a1b2c3d4e5f60718293a4b";
  expect(uuidOf(id)).toBe("65a1b2c3d4e5f60718293a4b00000000");
  expect(idOf("65a1b2c3-d4e5-f607-1829-3a4b00000000")).toBe(id);
});

test("the key of an enterprise is exact, whatever its id", () => {
  expect(enterpriseKeyOf(`${"0".repeat(11)}${"f".repeat(13)}`)).toBe(2 ** 52 - 1);
  expect(enterpriseKeyOf(`${"f".repeat(11)}0000000000001`)).toBe(1);
});

test("a list of ids keeps its order, its nulls and its emptiness", () => {
  const decode = decoderOf(2951)!;
  expect(decode("{}")).toBe("{}");
  expect(decode("{65a1b2c3-d4e5-f607-1829-3a4b00000000,NULL,00000000-0000-0000-0000-000100000000}")).toBe(
    "{65a1b2c3d4e5f60718293a4b,NULL,000000000000000000000001}",
  );
});

test("parameters and results of uuid, uuid[] and bigint are ids, those of other types stay as they are", async () => {
  const database = await openReads();
  const [id, other] = [newId(), newId()];
  const row = await database.one(
    sql<{
      id: string;
      ids: string[];
      none: null;
      key: number;
      keys: number[];
      text: string;
      is: boolean;
    }>`select
      ${id}::uuid as id, ${[id, other]}::uuid[] as ids, ${null}::uuid as none, ${id}::bigint as key,
      ${[id, 7]}::bigint[] as keys, ${id}::text as text,
      ${id}::uuid::text = ${`${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}00000000`} as is`,
  );
  expect(row).toEqual({
    id,
    ids: [id, other],
    none: null,
    key: enterpriseKeyOf(id),
    keys: [String(enterpriseKeyOf(id)), "7"],
    text: id,
    is: true,
  });
});

test("rows of text and streams have ids too", async () => {
  const database = await openReads();
  const [id, other] = [newId(), newId()];
  const query = sql`select ${id}::uuid, ${[id, other]}::uuid[], '{}'::uuid[], null::uuid, ${id}::text`;
  const expected = [[id, `{${id},${other}}`, "{}", null, id]];
  expect(await database.many(textRows(query))).toEqual(expected);
  const streamed = [];
  for await (const rows of database.stream(query, 10)) streamed.push(...rows);
  expect(streamed).toEqual(expected);
});

test("a malformed id equals no id and is no error", async () => {
  const database = await openReads();
  for (const malformed of [
    "",
    "x",
    "65A1B2C3D4E5F60718293A4B",
    "65a1b2c3d4e5f60718293a4b0",
    "f".repeat(32),
  ]) {
    const found = await database.many(
      sql`select from unnest(${[newId(), "f".repeat(24), "0".repeat(24)]}::uuid[]) as id
          where id = ${malformed} or id = any(${[malformed]}::uuid[])`,
    );
    expect(found, malformed).toHaveLength(0);
  }
});

test("types are asked for once per text, inside and outside a transaction", async () => {
  const { enterpriseId } = await openReads();
  const caller = { enterpriseId, kind: "operator" } as const;
  const read = (id: string) => sql<{ id: string }>`select ${id}::uuid as id, 'asked once'`;
  const query = vi.spyOn(pg.Client.prototype, "query");
  const sent = () => query.mock.calls.splice(0).map(([first]) => first.constructor.name);
  const [first, second, third] = [newId(), newId(), newId()];
  await writingAs(app.database.service, caller, {}, async (database) => {
    sent();
    expect(await database.one(read(first))).toMatchObject({ id: first });
    expect(sent()).toEqual(["Description", "Batch"]);
    expect(await database.one(read(second))).toMatchObject({ id: second });
    expect(sent()).toEqual(["Batch"]);
  });
  const database = readingAs(app.database.service, caller);
  expect(await database.one(read(third))).toMatchObject({ id: third });
  // The commit, and the read.
  expect(sent()).toEqual(["Batch", "Batch"]);
  query.mockRestore();
});

test("parameters are encoded although other statements use up the memory for their types", async () => {
  const database = await openReads();
  const id = newId();
  const numbers = Array.from({ length: 1_100 }, (_, number) => number);
  for (let from = 0; from < numbers.length; from += 50) {
    const rows = await Promise.all(
      numbers
        .slice(from, from + 50)
        .map((number) =>
          database.one(
            sql<{ id: string; number: number }>`select ${id}::uuid as id, ${raw(String(number))} as number`,
          ),
        ),
    );
    expect(rows).toEqual(numbers.slice(from, from + 50).map((number) => ({ id, number })));
  }
});
