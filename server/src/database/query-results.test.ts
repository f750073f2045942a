import { expect, expectTypeOf, test } from "vitest";
import { createEnterprise } from "../enterprises/operations.ts";
import { startApp } from "../testing/start-app.ts";
import { type EnterpriseDatabase, readingAs } from "./as-enterprise.ts";
import { maybeOne, one, type Query, type Rows, sql, type TextRow, textRows } from "./sql.ts";

const app = startApp();

async function openReads(): Promise<EnterpriseDatabase> {
  const enterpriseId = await createEnterprise(app.database.operator, "Test", new Date());
  return readingAs(app.database.service, { enterpriseId, kind: "operator" });
}

type Field = { id: string; orderIndex: number };
const none = sql<Field>`select id, order_index as "orderIndex" from custom_fields where false`;
const first = sql<Field>`select id, order_index as "orderIndex" from custom_fields order by id limit 1`;
const two = sql<Field>`select id, order_index as "orderIndex" from custom_fields order by id limit 2`;

test("one answers the only row, and fails naming the statement when there is none or another", async () => {
  const database = await openReads();
  expect(await database.one(first)).toEqual({ id: expect.any(String), orderIndex: expect.any(Number) });
  await expect(database.one(none)).rejects.toThrow(/0 rows where one was expected: select id.*where false/);
  await expect(database.one(two)).rejects.toThrow(/2 rows where one was expected: select id.*limit 2/);
});

test("maybeOne answers undefined for no row, and fails for two", async () => {
  const database = await openReads();
  expect(await database.maybeOne(none)).toBeUndefined();
  expect(await database.maybeOne(first)).toMatchObject({ id: expect.any(String) });
  await expect(database.maybeOne(two)).rejects.toThrow(/2 rows where one was expected/);
});

test("many answers all rows, and how many the statement touched", async () => {
  const database = await openReads();
  expect(await database.many(two)).toHaveLength(2);
  expect((await database.many(two)).rowCount).toBe(2);
});

test("a batch answers each statement with what was asked of it", async () => {
  const database = await openReads();
  const [rows, row, missing, [text]] = await database.batch([
    two,
    one(first),
    maybeOne(none),
    textRows(sql`select 1 as number, null`),
  ]);
  expectTypeOf(rows).toEqualTypeOf<Rows<Field>>();
  expectTypeOf(row).toEqualTypeOf<Field>();
  expectTypeOf(missing).toEqualTypeOf<Field | undefined>();
  expectTypeOf(text).toEqualTypeOf<TextRow | undefined>();
  expect(rows).toHaveLength(2);
  expect(rows[0]).toEqual(row);
  expect(missing).toBeUndefined();
  expect(text).toEqual(["1", null]);
});

test("a statement declares its rows: those of another type do not compile", async () => {
  const fields = (): Query<Field> => first;
  // @ts-expect-error the rows of the statement have no name
  const names = (): Query<{ name: string }> => first;
  expect(fields()).toBe(names());
});

test("a column that a row's type has and its statement has not fails at its first read", async () => {
  const database = await openReads();
  const row = await database.one(
    sql<Field>`select id, order_index as "orderindex" from custom_fields limit 1`,
  );
  expect(row.id).toEqual(expect.any(String));
  expect(() => row.orderIndex).toThrow(/no column "orderIndex" in the answer to: select id/);
});
