import type { FastifyInstance } from "fastify";
import { beforeAll, expect, test } from "vitest";
import { driverOf } from "../database/pools.ts";
import { type Client, startApp } from "./start-app.ts";

const registry = startApp();
const customers = "/v1/enterprise-customers";
const tenants = 64;
const parallel = 200;
const answersMin = 5_000;
const connections = 4;

type Tenant = { client: Client; canary: string; ids: string[] };
let all: Tenant[];
const canaries = new Map<string, Tenant>();

beforeAll(async () => {
  all = [];
  for (let index = 0; index < tenants; index++) {
    const client = await registry.client();
    const canary = `canary${index}x${client.enterpriseId.slice(-6)}x`;
    const rows = Array.from({ length: 4 }, (_, row) => ({
      external_id: `same for all ${row}`,
      values: { firstName: canary, lastName: `${row}` },
    }));
    const { body } = await client.post(`${customers}/import`, rows);
    const tenant = { client, canary, ids: body.data.results.map(({ id }: { id: string }) => id) };
    all.push(tenant);
    canaries.set(canary, tenant);
  }
  driverOf(registry.database.service).options.max = connections;
});

/** A request, its response, and the number of the tenant's own canaries in it. */
const requests: { send: (tenant: Tenant, turn: number) => [string, string, unknown?]; own: number | null }[] =
  [
    { send: ({ ids }, turn) => ["GET", `${customers}/${ids[turn % 4]}`], own: 3 },
    { send: (_, turn) => ["GET", `${customers}/same%20for%20all%20${turn % 4}?external=1`], own: 3 },
    { send: () => ["GET", customers], own: 12 },
    { send: ({ canary }) => ["GET", `${customers}?q=${canary}&limit=2&count=none`], own: 6 },
    { send: () => ["GET", `${customers}?external_ids=same%20for%20all%200`], own: 3 },
    {
      send: ({ ids }, turn) => ["PATCH", `${customers}/${ids[turn % 4]}`, { booker_id: `turn ${turn}` }],
      own: 3,
    },
    {
      send: (_, turn) => [
        "POST",
        `${customers}/import`,
        [{ external_id: `same for all ${turn % 4}`, booker_id: "x" }],
      ],
      own: null,
    },
    { send: () => ["POST", customers, { external_id: "same for all 0" }], own: null },
    {
      send: ({ canary }) => [
        "POST",
        `/v1/customer-imports?file_name=${canary}`,
        [{ external_id: "same for all 0", booker_id: canary }],
      ],
      own: 1,
    },
    { send: () => ["GET", "/v1/customer-imports"], own: null },
  ];

const foreignIn = (tenant: Tenant, text: string): string[] =>
  (text.match(/canary\d+x[0-9a-f]{6}x/g) ?? []).filter((found) => found !== tenant.canary);

async function afterTurnsOfTheLoop(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
}

test(`${parallel} requests of ${tenants} enterprises on ${connections} connections, some of them cut off, stay apart`, async () => {
  let answered = 0;
  let cutOff = 0;
  const foreign: string[] = [];
  const unexpected: string[] = [];

  async function ask(turn: number): Promise<void> {
    const tenant = all[(turn * 7) % tenants]!;
    const { send, own } = requests[turn % requests.length]!;
    const [method, url, body] = send(tenant, turn);
    const headers = { authorization: `Bearer ${tenant.client.token}` };
    // Every ninth client disconnects: before the query, during it, or in the middle of the response.
    const leaving = turn % 9 === 0 ? new AbortController() : null;
    const injected = (registry.app as FastifyInstance).inject({
      method: method as "GET",
      url,
      headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      ...(leaving ? { signal: leaving.signal } : {}),
    });
    if (leaving) void afterTurnsOfTheLoop(turn % 32).then(() => leaving.abort());
    const answer = await injected.then(
      (value) => value,
      () => null,
    );
    // A client that disconnects in the middle of its body has sent no valid request.
    if (answer === null || (leaving && answer.statusCode === 400)) {
      cutOff += 1;
      return;
    }
    foreign.push(...foreignIn(tenant, answer.body));
    // A slow machine may not have a connection for each request in time.
    if (answer.statusCode === 503) return;
    answered += 1;
    const found = answer.body.split(tenant.canary).length - 1;
    if (answer.statusCode >= 500 || (own !== null && found !== own)) {
      unexpected.push(`${method} ${url}: ${answer.statusCode}, ${found} of ${own}`);
    }
  }

  let turn = 0;
  const worker = async () => {
    while (answered < answersMin) await ask(turn++);
  };
  await Promise.all(Array.from({ length: parallel }, worker));

  expect(foreign).toEqual([]);
  expect(unexpected).toEqual([]);
  expect(answered).toBeGreaterThanOrEqual(answersMin);
  expect(cutOff).toBeGreaterThan(answersMin / 20);
});

test("a connection forgets its enterprise when it is released", async () => {
  const service = driverOf(registry.database.service);
  expect(service.waitingCount).toBe(0);
  expect(service.idleCount).toBe(service.totalCount);
  const clients = await Promise.all(Array.from({ length: connections }, () => service.connect()));
  for (const client of clients) {
    const { rows } = await client.query(
      "select current_setting('clientele.enterprise_id', true) as enterprise",
    );
    expect(["", null]).toContain(rows[0].enterprise);
    expect((await client.query("select from customers")).rowCount).toBe(0);
  }
  for (const client of clients) client.release();
});
