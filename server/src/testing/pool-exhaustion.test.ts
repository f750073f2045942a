import { beforeAll, describe, expect, test } from "vitest";
import { driverOf } from "../database/pools.ts";
import { type Client, startApp } from "./start-app.ts";

const registry = startApp();
const customers = "/v1/enterprise-customers";
const connections = 2;

let client: Client;
let path: string;
beforeAll(async () => {
  driverOf(registry.database.service).options.max = connections;
  client = await registry.client();
  const { body } = await client.post(customers, { external_id: "held" });
  path = `${customers}/${body.data.id}`;
});

describe(`when ${connections} writes hold all ${connections} connections`, () => {
  test("other writes get Retry-After, and requests without a query are answered meanwhile", async () => {
    const { admin } = registry.database;
    const service = driverOf(registry.database.service);
    // Both writes wait for a locked row, as for a slow query.
    await admin.query("begin");
    await admin.query("select from customers where id = $1 for update", [path.split("/").at(-1)]);
    const held = Array.from({ length: connections }, (_, index) =>
      client.patch(path, { booker_id: `booker ${index}` }),
    );
    while (service.totalCount < connections || service.idleCount > 0) await new Promise(setImmediate);

    let retryLater = 0;
    const waiters = Array.from({ length: 200 }, async (_, index) => {
      const answer = await (index % 2 === 0 ? client.get(path) : client.post(customers, {}));
      retryLater += 1;
      return answer;
    });
    const unharmed = await Promise.all([
      registry.call("GET", "/health/live"),
      registry.call("GET", "/health/ready"),
      registry.call("GET", customers),
      registry.call("GET", customers, { headers: { authorization: "Bearer x" } }),
      client.post(customers, "{"),
      client.get("/v1/nothing"),
    ]);
    expect(unharmed.map(({ status }) => status)).toEqual([200, 200, 401, 401, 400, 404]);
    expect(retryLater).toBe(0);

    for (const answer of await Promise.all(waiters)) {
      expect({ status: answer.status, code: answer.body.errorCode }).toEqual({
        status: 503,
        code: "DATABASE_BUSY",
      });
      expect(answer.headers["retry-after"]).toMatch(/^[1-9]\d*$/);
    }
    await admin.query("commit");
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200]);
  });

  test("and afterwards the service works as before", async () => {
    const { admin } = registry.database;
    const service = driverOf(registry.database.service);
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
