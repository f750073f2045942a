import { beforeAll, describe, expect, test } from "vitest";
import { type Answer, type Client, startApp } from "./start-app.ts";

const it = startApp();
const customers = "/v1/enterprise-customers";
const connections = 2;
/** What a request waits for a connection, and what it may take beyond that to say so. */
const waitMs = 2_000;
const slackMs = 1_500;

let client: Client;
let path: string;
beforeAll(async () => {
  it.database.service.options.max = connections;
  client = await it.client();
  const { body } = await client.post(customers, { external_id: "held" });
  path = `${customers}/${body.data.id}`;
});

const timed = async (answer: Promise<Answer>) => {
  const began = performance.now();
  return { ...(await answer), tookMs: performance.now() - began };
};

describe(`when ${connections} writes hold all ${connections} connections`, () => {
  test("others are told within seconds to come again, and what needs no connection goes on", async () => {
    const { admin, service } = it.database;
    // Both writes wait for a row that someone else holds, as they would for a slow query.
    await admin.query("begin");
    await admin.query("select from customers where id = $1 for update", [path.split("/").at(-1)]);
    const held = Array.from({ length: connections }, (_, index) =>
      client.patch(path, { booker_id: `booker ${index}` }),
    );
    while (service.totalCount < connections || service.idleCount > 0) await new Promise(setImmediate);

    const waiters = Array.from({ length: 200 }, (_, index) =>
      timed(index % 2 === 0 ? client.get(path) : client.post(customers, {})),
    );
    const unharmed = await Promise.all([
      timed(it.call("GET", "/health/live")),
      timed(it.call("GET", "/health/ready")),
      timed(it.call("GET", customers)),
      timed(it.call("GET", customers, { headers: { authorization: "Bearer x" } })),
      timed(client.post(customers, "{")),
      timed(client.get("/v1/nothing")),
    ]);
    expect(unharmed.map(({ status }) => status)).toEqual([200, 200, 401, 401, 400, 404]);
    for (const { tookMs } of unharmed) expect(tookMs).toBeLessThan(waitMs);

    for (const answer of await Promise.all(waiters)) {
      expect({ status: answer.status, code: answer.body.errorCode }).toEqual({
        status: 503,
        code: "DATABASE_BUSY",
      });
      expect(answer.headers["retry-after"]).toMatch(/^[1-9]\d*$/);
      expect(answer.tookMs).toBeLessThan(waitMs + slackMs);
    }
    await admin.query("commit");
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200]);
  });

  test("and afterwards nothing is left of it", async () => {
    const { service, admin } = it.database;
    expect(service.waitingCount).toBe(0);
    expect(service.idleCount).toBe(service.totalCount);
    const answers = await Promise.all(Array.from({ length: 50 }, () => client.get(path)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const { rows } = await admin.query(
      "select count(*)::integer as count from customers where enterprise_id = $1",
      [client.enterpriseId],
    );
    expect(rows).toEqual([{ count: 1 }]);
  });
});
