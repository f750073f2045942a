import { openAsBlob } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import autocannon from "autocannon";
import { type ImportRow, importRows } from "./customers.ts";
import { type Directus, request, startDirectus } from "./directus.ts";
import { type Environment, end, type Running, run } from "./environment.ts";
import { runImport, writeCustomers } from "./import-file.ts";
import { assess, type Figure, median } from "./report.ts";

const customers = Number(process.env["BENCH_CUSTOMERS"] ?? 20_000);
const rounds = 5;
const secondsPerRound = Number(process.env["BENCH_SECONDS"] ?? 4);
const secondsMax = 60;
const connections = 16;
/** Different requests of an operation, sent in turn. */
const variants = 500;
const ratioMin = 5;

type Request = { method: "GET" | "POST" | "PATCH"; path: string; body?: string };
type Service = Running & { token: string };

/** The same work in turn by Clientele and by Directus, both on one database server. */
export async function measurePeers(environment: Environment): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "clientele-bench-peers-"));
  const directus = await startDirectus(environment);
  const clientele = {
    ...(await run("service-with-imports.ts", environment.databaseUrl)),
    token: environment.service.token,
  };
  try {
    const imported = await importCustomers(clientele, directus, folder);
    await environment.superuser.query("vacuum (analyze)");
    return [imported, ...(await measureRequests(environment, clientele, directus))];
  } finally {
    await directus.close();
    await end(clientele);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Imports files of CSV in turn, each as a product does it: as a job, and within its request. */
async function importCustomers(clientele: Service, directus: Directus, folder: string): Promise<Figure> {
  const rowsPerRound = Math.ceil(customers / rounds);
  // Warms up both.
  await importFile(clientele, directus, folder, customers, 100);
  const pairs: [number, number][] = [];
  for (let round = 0; round < rounds; round++) {
    const seconds = await importFile(clientele, directus, folder, round * rowsPerRound, rowsPerRound);
    pairs.push([rowsPerRound / seconds.clientele, rowsPerRound / seconds.directus]);
    process.stderr.write(`imported ${(round + 1) * rowsPerRound} customers into both\n`);
  }
  return figureOf(`import of ${rounds} files of ${rowsPerRound} new rows of 12 fields`, "rows/s", pairs);
}

async function importFile(
  clientele: Service,
  directus: Directus,
  folder: string,
  first: number,
  count: number,
): Promise<{ clientele: number; directus: number }> {
  const path = join(folder, `${first}.csv`);
  await writeCustomers(path, first, count);
  const ours = await runImport(clientele, path, undefined, 20);
  if (ours.job.failed > 0) throw new Error(`Clientele refused ${ours.job.failed} rows.`);
  const form = new FormData();
  form.append("file", await openAsBlob(path, { type: "text/csv" }), "customers.csv");
  const startedAt = performance.now();
  await request(directus.url, "POST", "/utils/import/customers", form);
  const seconds = (performance.now() - startedAt) / 1000;
  await rm(path);
  return { clientele: ours.seconds, directus: seconds };
}

async function measureRequests(
  { superuser, enterpriseId }: Environment,
  clientele: Service,
  directus: Directus,
): Promise<Figure[]> {
  const ids = await Promise.all([
    superuser
      .query<{ id: string }>("select id from customers where enterprise_id = $1 order by random() limit $2", [
        enterpriseId,
        variants,
      ])
      .then(({ rows }) => rows.map(({ id }) => id)),
    request(directus.url, "GET", `/items/customers?fields=id&limit=${variants}`).then((body) =>
      (body as { data: { id: string }[] }).data.map(({ id }) => id),
    ),
  ]);
  const rows = importRows(2 * customers + 1_000, variants);
  const names = rows.map(({ values }) => values["lastName"] ?? "");
  const ours = "/v1/enterprise-customers";
  const theirs = "/items/customers";
  const read = (path: string): Request => ({ method: "GET", path });
  const search = (name: string) => encodeURIComponent(name);
  const operations: [name: string, ours: Request[], theirs: Request[]][] = [
    ["fetch by id", ids[0].map((id) => read(`${ours}/${id}`)), ids[1].map((id) => read(`${theirs}/${id}`))],
    [
      "list of 50 by first name",
      [read(`${ours}?limit=50&count=none`)],
      [read(`${theirs}?limit=50&sort=firstName,id`)],
    ],
    [
      "search for a last name, first 50",
      names.map((name) => read(`${ours}?limit=50&count=none&q=${search(name)}`)),
      names.map((name) => read(`${theirs}?limit=50&sort=firstName,id&search=${search(name)}`)),
    ],
    [
      "search for a last name, first 50 and the exact total",
      names.map((name) => read(`${ours}?limit=50&q=${search(name)}`)),
      names.map((name) =>
        read(`${theirs}?limit=50&sort=firstName,id&meta=filter_count&search=${search(name)}`),
      ),
    ],
    ["create", rows.map((row) => creation(row, "ours")), rows.map((row) => creation(row, "theirs"))],
    [
      "update of one field",
      ids[0].map((id) => ({
        method: "PATCH" as const,
        path: `${ours}/${id}`,
        body: JSON.stringify({ customfields: [{ id: "city", value: unique("City") }] }),
      })),
      ids[1].map((id) => ({
        method: "PATCH" as const,
        path: `${theirs}/${id}`,
        body: JSON.stringify({ city: unique("City") }),
      })),
    ],
  ];
  const figures: Figure[] = [];
  for (const [name, ownRequests, peerRequests] of operations) {
    await load(clientele, ownRequests, 2);
    await load(directus, peerRequests, 2);
    const pairs: [number, number][] = [];
    for (let round = 0; round < rounds; round++)
      pairs.push([
        await load(clientele, ownRequests, secondsPerRound),
        await load(directus, peerRequests, secondsPerRound),
      ]);
    const figure = figureOf(`${name}, ${connections} connections`, "/s", pairs);
    figures.push(figure);
    process.stderr.write(`${name}: ${figure.result}, ${figure.baseline}, ratio ${figure.ratio}\n`);
  }
  return figures;
}

/** Replaced by another text in each request. */
const unique = (text: string): string => `${text} [<id>]`;

function creation({ values }: ImportRow, side: "ours" | "theirs"): Request {
  const externalId = unique("N");
  return side === "theirs"
    ? {
        method: "POST",
        path: "/items/customers",
        body: JSON.stringify({ external_id: externalId, ...values }),
      }
    : {
        method: "POST",
        path: "/v1/enterprise-customers",
        body: JSON.stringify({
          external_id: externalId,
          customfields: Object.entries(values).map(([id, value]) => ({ id, value })),
        }),
      };
}

/** Requests per second. Throws if one is refused. */
async function load(service: Service, requests: readonly Request[], seconds: number): Promise<number> {
  const { url, token } = service;
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    timeout: 60,
    idReplacement: requests.some(({ body }) => body?.includes("[<id>]")),
    requests: requests.map((each) => ({ ...each, headers })),
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(
      `${url}${requests[0]?.path}: ${result.non2xx} refused, ${result.errors} failed: ${JSON.stringify(result.statusCodeStats)}`,
    );
  // On a busy machine only a longer round gets an answer.
  if (result.requests.total === 0 && seconds < secondsMax) return load(service, requests, 4 * seconds);
  return result.requests.total / result.duration;
}

function figureOf(measurement: string, unit: string, pairs: readonly [number, number][]): Figure {
  const ratio = median(pairs.map(([ours, theirs]) => ours / theirs));
  const rounded = (number: number) => (number < 100 ? number.toFixed(1) : String(Math.round(number)));
  return {
    measurement,
    result: `${rounded(median(pairs.map(([ours]) => ours)))} ${unit}`,
    baseline: `${rounded(median(pairs.map(([, theirs]) => theirs)))} ${unit} by Directus`,
    ratio: ratio.toFixed(1),
    target: assess(`≥ ${ratioMin}`, ratio >= ratioMin),
  };
}
