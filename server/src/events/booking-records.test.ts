import { beforeAll, describe, expect, test } from "vitest";
import { type Client, startApp } from "../testing/start-app.ts";

const registry = startApp();
const customers = "/v1/enterprise-customers";

/** Bookings, each of another customer: more than one would find pages of an index split. */
const bookings = 40;

describe("a booking", () => {
  let client: Client;
  let ids: string[];
  beforeAll(async () => {
    client = await registry.client();
    const rows = Array.from({ length: 2_000 }, (_, index) => ({
      external_id: `K-${index}`,
      values: { firstName: `Ann ${index}` },
    }));
    const { body } = await client.post(`${customers}/import`, rows);
    ids = body.data.results.map(({ id }: { id: string }) => id);
    await registry.database.admin.query("vacuum analyze");
  });

  const book = async (id: string, booking: object) => {
    const { status, text } = await client.post(`${customers}/${id}/events`, {
      start_date: "2026-01-01",
      ...booking,
    });
    expect(status, text).toBe(201);
  };

  test("neither rewrites nor locks the customer's row", async () => {
    const row = async () =>
      (await registry.database.admin.query("select ctid, xmin, xmax from customers where id = $1", [ids[0]]))
        .rows[0];
    const before = await row();
    await book(ids[0]!, {});
    expect(await row()).toEqual(before);
  });

  test("writes no record of the customers table, and at most nine of indexes", async ({ skip }) => {
    const { admin } = registry.database;
    const { rows: roles } = await admin.query("select rolsuper from pg_roles where rolname = current_user");
    // Reading the log needs a superuser.
    skip(!roles[0].rolsuper);
    await admin.query("create extension if not exists pg_walinspect schema public");
    const position = async () => {
      // A commit that waits for the disk makes the log readable to its end.
      await admin.query("select pg_logical_emit_message(true, 'test', '')");
      return (await admin.query("select pg_current_wal_flush_lsn() as lsn")).rows[0].lsn;
    };
    const start = await position();
    for (const [index, id] of ids.slice(1, bookings + 1).entries())
      await book(id, { external_id: `B-${index}` });
    const { rows } = await admin.query(
      `select resource_manager, record_type, coalesce(t.relname, c.relname) as name, count(*)::integer as records
       from public.pg_get_wal_records_info($1, $2)
         cross join lateral regexp_matches(coalesce(block_ref, ''), 'rel \\d+/(\\d+)/(\\d+)') as ref
         join pg_class c on c.relfilenode = ref[2]::oid
         left join pg_index i on i.indexrelid = c.oid left join pg_class t on t.oid = i.indrelid
       where ref[1]::oid = (select oid from pg_database where datname = current_database())
       group by 1, 2, 3`,
      [start, await position()],
    );
    const names = rows.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["customer_versions", "events"]));
    expect(names).not.toContain("customers");
    const inIndexes = rows
      .filter(
        ({ resource_manager, record_type }) => resource_manager === "Btree" && /INSERT/.test(record_type),
      )
      .reduce((sum, { records }) => sum + records, 0);
    expect(inIndexes / bookings, JSON.stringify(rows)).toBeLessThanOrEqual(9);
  });
});
