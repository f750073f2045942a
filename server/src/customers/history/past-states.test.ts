import { beforeEach, describe, expect, test } from "vitest";
import { type EnterpriseDatabase, readingAs } from "../../database/as-enterprise.ts";
import { type Client, startApp } from "../../testing/start-app.ts";
import { tap } from "../../testing/statement-tap.ts";
import { statesAfter } from "./past-states.ts";

const app = startApp();
const path = "/v1/enterprise-customers";

let client: Client;
let database: EnterpriseDatabase;
beforeEach(async () => {
  client = await app.client();
  database = readingAs(app.database.service, { enterpriseId: client.enterpriseId, kind: "operator" });
});

const create = async (body: object): Promise<string> => (await client.post(path, body)).body.data.id;

async function creationsOf(ids: readonly string[]) {
  const { rows } = await app.database.admin.query<{ number: string; subjectId: string; at: Date }>(
    `select number, subject_id as "subjectId", at from changes
     where kind = 'created' and subject_id = any($1) order by number`,
    [ids],
  );
  return rows.map((row) => ({ ...row, number: Number(row.number) }));
}

describe("customers right after changes", () => {
  test("are those before any later change, also one that is committed meanwhile", async () => {
    const { admin } = app.database;
    const id = await create({ booker_id: "first" });
    const creations = await creationsOf([id]);
    // A change and its reversal, committed while the states are read.
    await client.patch(`${path}/${id}`, { booker_id: "second" });
    await admin.query(
      "create temp table taken_back as select * from changes where after ->> 'bookerId' = 'second'",
    );
    await admin.query("delete from changes where after ->> 'bookerId' = 'second'");
    const setBooker = (name: string) => admin.query("update customers set booker_id = $1", [name]);
    await setBooker("first");

    // Once before: the types of a new statement's parameters are read first, and would wait too.
    await statesAfter(database, creations);

    await admin.query("begin");
    await admin.query("lock table customers in access exclusive mode");
    const reading = statesAfter(database, creations);
    await waiting();
    await admin.query("insert into changes select * from taken_back");
    await setBooker("second");
    await admin.query("commit");
    expect(await reading).toMatchObject([{ bookerId: "first" }]);
  });

  test("take two statements, whatever their number", async () => {
    const ids: string[] = [];
    for (let index = 0; index < 20; index++) ids.push(await create({ booker_id: `B-${index}` }));
    for (const id of ids.slice(5)) await client.patch(`${path}/${id}`, { booker_id: "later" });
    for (const id of ids.slice(10)) await client.delete(`${path}/${id}`);
    for (const id of ids.slice(15)) await client.post(`${path}/${id}/restore`, {});
    const creations = await creationsOf(ids);
    const sent: string[] = [];
    tap(app.database.service, ({ statements }) => sent.push(...statements.map(({ text }) => text)));
    const states = await statesAfter(database, creations);
    expect(sent.filter((text) => /from (customers|changes)/.test(text))).toHaveLength(2);
    expect(states.map((state) => state?.bookerId)).toEqual([
      ...ids.map((_, index) => `B-${index}`),
      ...ids.slice(15).map(() => "later"),
    ]);
  });
});

/** Resolves once a statement waits for the table of customers. */
async function waiting(): Promise<void> {
  for (;;) {
    const { rows } = await app.database.admin.query(
      "select from pg_locks where not granted and relation = 'customers'::regclass",
    );
    if (rows.length > 0) return;
  }
}
