import { expect, test } from "vitest";
import { purge } from "../jobs/purge.ts";
import { startApp } from "../testing/start-app.ts";
import { journalPurge } from "./retention.ts";

const it = startApp();

const months = async (): Promise<string[]> => {
  const { rows } = await it.database.admin.query(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'changes'::regclass
     and inhrelid::regclass::text <> 'changes_default' order by 1`,
  );
  return rows.map(({ name }) => name);
};
const monthOf = (date: Date) => `changes_${date.toISOString().slice(0, 7).replace("-", "_")}`;
const inMonths = (count: number) => {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + count, 15));
};

test("the journal has the months that are coming, and loses those that nobody keeps", async () => {
  const { admin } = it.database;
  expect(await months()).toEqual([0, 1, 2].map((count) => monthOf(inMonths(count))));
  const client = await it.client();
  const { body } = await client.post("/v1/enterprise-customers", { external_id: "K-1" });
  const history = `/v1/enterprise-customers/${body.data.id}/history`;
  await admin.query("select make_changes_of($1)", [inMonths(-3)]);
  await admin.query(
    `insert into changes (enterprise_id, number, epoch, at, subject, subject_id, kind, version, reason, request_id)
     values ($1, 0, 0, $2, 'customer', $3, 'updated', 1, 'request', 'r')`,
    [client.enterpriseId, inMonths(-3), body.data.id],
  );
  expect((await client.get(history)).body.total).toBe(2);

  expect(await purge(it.database, journalPurge(null), new Date())).toBe(0);
  expect((await client.get(history)).body.total).toBe(2);
  expect(await purge(it.database, journalPurge(10), new Date())).toBe(1);
  expect((await client.get(history)).body.total).toBe(1);
  expect(await months()).toEqual([0, 1, 2].map((count) => monthOf(inMonths(count))));
});

test("a change of a month that nobody has made is kept all the same", async () => {
  const { admin } = it.database;
  const client = await it.client();
  await admin.query(
    `insert into changes (enterprise_id, number, epoch, at, subject, subject_id, kind, version, reason, request_id)
     values ($1, 0, 0, $2, 'customer', '0123456789abcdef0123456700000000', 'created', 1, 'request', 'r')`,
    [client.enterpriseId, inMonths(40)],
  );
  await purge(it.database, journalPurge(null), new Date());
  const history = "/v1/enterprise-customers/0123456789abcdef01234567/history";
  expect((await client.get(history)).body.total).toBe(1);
});
