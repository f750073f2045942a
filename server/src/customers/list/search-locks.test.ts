import { beforeAll, describe, expect, test } from "vitest";
import { enterpriseKeyOf } from "../../database/id-codec.ts";
import { driverOf } from "../../database/pools.ts";
import { openSearchView } from "../../testing/search-view.ts";
import { type Client, startApp } from "../../testing/start-app.ts";

const registry = startApp();
const path = "/v1/enterprise-customers";

describe("the search, of two enterprises with equal customers,", () => {
  let own: Client;
  let other: Client;
  beforeAll(async () => {
    own = await registry.client();
    other = await registry.client();
    for (const client of [own, other]) {
      const { status, text } = await client.post(path, {
        external_id: "K-1",
        customfields: [{ id: "lastName", value: "Same" }],
      });
      expect(status, text).toBe(201);
    }
  });

  /** The rows of the view that the service's role sees in a session of the enterprise, without a predicate. */
  async function seenBy(enterpriseId: string | null): Promise<{ external_id: string }[]> {
    const client = await driverOf(registry.database.service).connect();
    try {
      await client.query("begin");
      if (enterpriseId !== null)
        await client.query("select set_config('clientele.enterprise_id', $1, true)", [
          String(enterpriseKeyOf(enterpriseId)),
        ]);
      return (await client.query("select external_id from customer_search")).rows;
    } finally {
      await client.query("rollback");
      client.release();
    }
  }

  const found = async (client: Client, query: Record<string, string>) => {
    const { status, text, body } = await client.get(path, { query });
    expect(status, text).toBe(200);
    return [body.data.length, body.total];
  };
  const searches: Record<string, string>[] = [
    { q: "same" },
    { q: "same", count: "none" },
    { q: "same", sort: "updatedAt" },
    { "filter[lastName]": "Same" },
  ];

  test("shows the entered enterprise only, and none without one: the view's own lock", async () => {
    expect(await seenBy(own.enterpriseId)).toEqual([{ external_id: "K-1" }]);
    expect(await seenBy("0".repeat(24))).toEqual([]);
    expect(await seenBy(null)).toEqual([]);
  });

  test("cannot be written through", async () => {
    const client = await driverOf(registry.database.service).connect();
    try {
      await expect(client.query("update customer_search set external_id = 'stolen'")).rejects.toThrow(
        "permission denied",
      );
      await expect(client.query("delete from customer_search")).rejects.toThrow("permission denied");
    } finally {
      client.release();
    }
  });

  test("finds those of the own enterprise by the statement's predicate alone", async () => {
    await openSearchView(registry.database.admin);
    expect(await seenBy(own.enterpriseId)).toHaveLength(2);
    for (const query of searches)
      expect(await found(own, query), JSON.stringify(query)).toEqual([
        1,
        query["count"] === "none" ? null : 1,
      ]);
  });
});
