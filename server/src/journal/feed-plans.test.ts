import { beforeAll, describe, expect, test } from "vitest";
import { readingAs } from "../database/as-enterprise.ts";
import { enterpriseKeyOf } from "../database/id-codec.ts";
import { encoded } from "../database/parameter-types.ts";
import { driverOf } from "../database/pools.ts";
import { type Client, startApp } from "../testing/start-app.ts";
import { type Tapped, tap } from "../testing/statement-tap.ts";
import { type FeedPosition, fromBeginning, fromNow, readFeed } from "./feed.ts";

const it = startApp();
const changesEach = 100_000;

describe("in a journal of 200,000 changes of two enterprises", () => {
  let own: Client;
  let statements: Tapped[] = [];
  beforeAll(async () => {
    own = await it.client();
    const other = await it.client();
    // Alternating writers, transactions of a thousand changes, five months with or without partitions. Each enterprise has
    // one change already, of its app.
    await it.database.admin.query(
      "select make_changes_of((now() - interval '1 month' * m)::date) from generate_series(1, 3) m",
    );
    for (let written = 0; written < changesEach; written += 1_000) {
      for (const { enterpriseId } of [own, other]) await write(enterpriseId, written, 1_000);
    }
    await raisePosition(changesEach + 1);
    await it.database.admin.query("vacuum analyze changes");
    tap(it.database.service, (roundTrip) => statements.push(...roundTrip.statements));
  });

  const write = (enterpriseId: string, first: number, count: number) =>
    it.database.admin.query(
      `insert into changes (enterprise_id, number, epoch, at, subject, subject_id, kind, version, reason, request_id, before, after)
       select $1, n + 2, 1, now() - interval '150 days' + n * interval '150 days' / ${changesEach}, 'customer',
         id_of_text(lpad(to_hex(n % 5000), 24, '0')), 'updated', n / 5000, 'request', 'r',
         jsonb_build_object('values', jsonb_build_object('f', n::text)), jsonb_build_object('values', jsonb_build_object('f', 'x'))
       from generate_series($2::integer, $2 + $3 - 1) n`,
      [enterpriseId, first, count],
    );

  const raisePosition = (number: number) =>
    it.database.admin.query(
      `update positions p set number = c.number, epoch = c.epoch, at = c.at
       from changes c where p.enterprise_id = $1 and c.enterprise_id = $1 and c.number = $2`,
      [own.enterpriseId, number],
    );

  const database = () => readingAs(it.database.service, { enterpriseId: own.enterpriseId, kind: "operator" });

  /** Reads a page and returns its duration and the plan of each statement. */
  async function planned(position: FeedPosition | null, limit: number, subjects?: readonly ["tag"]) {
    statements = [];
    const begunAt = performance.now();
    const page = await readFeed(database(), position, { limit, subjects });
    const ms = performance.now() - begunAt;
    if (typeof page === "string") throw new Error(`The position is refused: ${page}.`);
    const plans: string[] = [];
    for (const { text, values } of statements.filter((statement) => statement.text.includes("changes"))) {
      // The generic plan as well as the plan for these values.
      for (const mode of ["force_custom_plan", "force_generic_plan"])
        plans.push(await planOf(text, values, mode));
    }
    return { page, ms, plans };
  }

  async function planOf(text: string, values: readonly unknown[], mode: string): Promise<string> {
    const client = await driverOf(it.database.service).connect();
    try {
      await client.query("begin");
      await client.query("select set_config('clientele.enterprise_id', $1, true)", [
        enterpriseKeyOf(own.enterpriseId),
      ]);
      await client.query("select set_config('plan_cache_mode', $1, true)", [mode]);
      const types = values.map((_, at) => (text.includes(`$${at + 1}::text[]`) ? "text[]" : "unknown"));
      await client.query(`prepare asked (${types.join(", ")}) as ${text}`);
      const [parameters = []] = await encoded(client, [{ text, values }]);
      const given = parameters.map((value) => literalOf(value));
      const { rows } = await client.query(`explain (analyze, buffers) execute asked (${given.join(", ")})`);
      await client.query("deallocate asked");
      return rows.map((row) => row["QUERY PLAN"]).join("\n");
    } finally {
      await client.query("rollback");
      client.release();
    }
  }

  const literalOf = (value: unknown): string => {
    if (Array.isArray(value)) return `'{${value.join(",")}}'`;
    return `'${value instanceof Date ? value.toISOString() : value}'`;
  };

  /** Pages of the cache that a statement touches. */
  const buffers = (plan: string): number => {
    const [, hit = 0, read = 0] = /Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?/.exec(plan) ?? [];
    return Number(hit) + Number(read);
  };

  /** Rows of the journal that are read without an index. */
  const scans = (plan: string): string[] =>
    plan.match(/Seq Scan on changes\S*.*rows=[1-9]\d*\.?\d* loops.*/g) ?? [];

  /** Rows that are read and discarded. */
  const removed = (plan: string): number =>
    [...plan.matchAll(/Rows Removed by Filter: (\d+)/g)].reduce((sum, [, rows]) => sum + Number(rows), 0);

  test("the first page, one in the middle and a look for what is new read a range of the primary key", async () => {
    const first = await planned(fromBeginning, 1_000);
    expect(first.page.changes).toHaveLength(1_000);
    const { atMs } = first.page.next;
    const middle = await planned({ number: changesEach / 2, epoch: 1, atMs }, 1_000);
    expect(middle.page.changes).toHaveLength(1_000);
    const filtered = await planned({ number: changesEach / 2, epoch: 1, atMs }, 1_000, ["tag"]);
    expect(filtered.page).toMatchObject({ changes: [], isCaughtUp: false });
    const end = await fromNow(database());
    const idle = await planned(end, 1_000);
    expect(idle.page).toMatchObject({ changes: [], isCaughtUp: true });
    await write(own.enterpriseId, changesEach, 10);
    await raisePosition(changesEach + 11);
    const following = await planned(end, 1_000);
    expect(following.page.changes).toHaveLength(10);
    const read = { first, middle, filtered, idle, following };
    const most = { first: 400, middle: 400, filtered: 400, idle: 60, following: 100 };
    for (const [name, { plans }] of Object.entries(read))
      for (const plan of plans) {
        expect(scans(plan), plan).toEqual([]);
        expect(removed(plan), plan).toBe(0);
        expect(buffers(plan), `${name}: ${plan}`).toBeLessThan(most[name as keyof typeof most]);
      }
    const figures = Object.fromEntries(
      Object.entries(read).map(([name, { ms, plans }]) => [name, { ms, buffers: plans.map(buffers) }]),
    );
    if (process.env["FIGURES"]) process.stdout.write(`${JSON.stringify(figures)}\n`);
  });
});
