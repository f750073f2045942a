import { writeFile } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { createApp } from "../server/src/app.ts";
import { openDatabase } from "../server/src/database/open.ts";
import { type Tapped, tap } from "../server/src/testing/statement-tap.ts";
import type { Environment } from "./environment.ts";
import { explain } from "./explain.ts";
import { assess, type Figure, median, percentile } from "./report.ts";

const rows = Number(process.env["BENCH_JOURNAL_ROWS"] ?? 2_000_000);
const months = 24;
const customersAsked = 500;
const changesPerPage = 50;

/**
 * Reads the history of one customer in a journal of two years, through the service and by the plain SELECT without
 * row-level security. Each customer is read once, so that no row is cached.
 */
export async function measureJournal(environment: Environment): Promise<Figure[]> {
  const { superuser, enterpriseId, service } = environment;
  await fill(environment);
  const { rows: chosen } = await superuser.query<{ id: string }>(
    "select id from customers where enterprise_id = $1 order by md5(id::text) limit $2",
    [enterpriseId, customersAsked],
  );
  const headers = { authorization: `Bearer ${service.token}` };
  const ours: number[] = [];
  const bare: number[] = [];
  for (const { id } of chosen) {
    const query = `limit=${changesPerPage}`;
    ours.push(
      await milliseconds(async () => {
        const answer = await fetch(`${service.url}/v1/enterprise-customers/${id}/history?${query}`, {
          headers,
        });
        if (!answer.ok) throw new Error(await answer.text());
        await answer.arrayBuffer();
      }),
    );
    bare.push(
      await milliseconds(() =>
        superuser.query({
          name: "history",
          text: `select * from changes where enterprise_id = $1 and subject_id = $2 and subject = 'customer'
                 order by number desc limit ${changesPerPage}`,
          values: [enterpriseId, id],
        }),
      ),
    );
  }
  await writeFile(new URL("plans-of-history.txt", import.meta.url), await planOf(environment, chosen[0]!.id));
  const told = (all: readonly number[]) =>
    `${median(all).toFixed(1)} ms (p99 ${percentile(all, 0.99).toFixed(1)})`;
  return [
    {
      measurement: `history of one customer, ${changesPerPage} of ${rows} changes in ${months} months (plans-of-history.txt)`,
      result: told(ours),
      baseline: told(bare),
      ratio: (median(ours) / median(bare)).toFixed(2),
      target: assess("< 10 ms", median(ours) < 10),
    },
  ];
}

/** Inserts changes of all customers, spread evenly over the months until now. */
async function fill({ superuser, enterpriseId }: Environment): Promise<void> {
  await superuser.query("set synchronous_commit = off");
  await superuser.query(
    "create temp table numbered as select row_number() over (order by id) - 1 as number, id from customers where enterprise_id = $1",
    [enterpriseId],
  );
  const {
    rows: [field],
  } = await superuser.query<{ key: string }>(
    "select number::text as key from custom_fields where enterprise_id = $1 and default_id = 'city'",
    [enterpriseId],
  );
  const each = Math.ceil(rows / months);
  // Partitions need the owner of the other tables.
  await superuser.query("set role clientele");
  await superuser.query(
    `select make_changes_of((now() - make_interval(months => m))::date) from generate_series(0, ${months - 1}) m`,
  );
  await superuser.query("reset role");
  for (let month = 0; month < months; month++) {
    const ago = `make_interval(months => ${months - 1 - month})`;
    await superuser.query(
      `insert into changes (enterprise_id, number, epoch, at, subject, subject_id, kind, version, reason, request_id, before, after)
       select $1, $3::bigint + g.place + 1, 1, date_trunc('month', now()) - ${ago} + g.place * interval '28 days' / $2::integer, 'customer', n.id,
         'updated', 2 + g.place, 'request', md5(g.place::text),
         jsonb_build_object('values', jsonb_build_object($4::text, 'before ' || g.place)),
         jsonb_build_object('values', jsonb_build_object($4::text, 'after ' || g.place))
       from generate_series(0, $2::integer - 1) as g(place)
       join numbered n on n.number = ($3::bigint + g.place) % (select count(*) from numbered)`,
      [enterpriseId, each, month * each, field!.key],
    );
    process.stderr.write(`\rloading the journal: ${(month + 1) * each}`);
  }
  process.stderr.write("\n");
  await superuser.query("vacuum (analyze) changes");
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Returns the plans of the service's statements that read the history of a customer. */
async function planOf(environment: Environment, customerId: string): Promise<string> {
  const database = await openDatabase({ place: { url: environment.databaseUrl }, log: () => undefined });
  let seen: Tapped[] = [];
  tap(database.service, ({ statements }) => seen.push(...statements));
  const app = await createApp({ database });
  const url = `/v1/enterprise-customers/${customerId}/history?limit=${changesPerPage}`;
  const headers = { authorization: `Bearer ${environment.service.token}` };
  await app.inject({ url, headers });
  seen = [];
  await app.inject({ url, headers });
  const texts: string[] = [];
  for (const statement of seen.filter(({ text }) => /\bfrom changes\b/.test(text)))
    texts.push(`${await explain(environment, statement)}\n`);
  await app.close();
  await database.close();
  return texts.join("\n");
}
