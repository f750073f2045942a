import type { AddressInfo } from "node:net";
import { beforeAll, describe, expect, test } from "vitest";
import { withDefinitions } from "../../custom-fields/definitions.ts";
import { readingAs } from "../../database/as-enterprise.ts";
import type { Statement } from "../../database/batch.ts";
import { enterpriseKeyOf } from "../../database/id-codec.ts";
import { encoded } from "../../database/parameter-types.ts";
import { driverOf } from "../../database/pools.ts";
import { type Client, startApp } from "../../testing/start-app.ts";
import { searchTermPrefix } from "../derived/derive.ts";
import { type ListQuery, readListQuery } from "./query.ts";
import { listStatements } from "./statements.ts";

const registry = startApp();
const path = "/v1/enterprise-customers";

const rareCompany = "1".repeat(24);
const usualCompany = "2".repeat(24);

/**
 * Customers made by the database itself: thousands in a second. Half of them have an external id; each has two events,
 * of every hundredth they are at a company where the others have none.
 */
async function fill({ enterpriseId }: Client, count: number) {
  const { admin } = registry.database;
  const { rows } = await admin.query(
    "select default_id, number from custom_fields where enterprise_id = $1 and default_id in ('firstName', 'city')",
    [enterpriseId],
  );
  const keys = Object.fromEntries(rows.map((row) => [row.default_id, row.number]));
  await admin.query(
    `insert into customers (enterprise_id, id, external_id, values, tag_ids, first_name_key, last_name_key,
       company_name_key, email_key, search)
     select $1, id_of_text(lpad(to_hex(i), 24, '0')), case when i % 2 = 0 then 'K-' || i end,
       jsonb_build_object($2::text, 'Name' || i % 1000, $3::text, 'City ' || i % 100), '{}',
       'name' || i % 1000, 'last' || lpad(i::text, 6, '0'), null, 'e' || i || '@example.com',
       array_to_tsvector(array[$4 || 'name' || i % 1000, $4 || 'all', $4 || 'rare' || i])
     from generate_series(1, $5::int) i`,
    [enterpriseId, keys["firstName"], keys["city"], searchTermPrefix(enterpriseId), count],
  );
  await admin.query(
    `insert into customer_versions (enterprise_id, customer_id, updated_at, version, total_bookings)
     select $1, id_of_text(lpad(to_hex(i), 24, '0')), timestamptz '2026-01-01Z' + i * interval '1 minute', 1, i % 7
     from generate_series(1, $2::int) i`,
    [enterpriseId, count],
  );
  await admin.query("insert into customer_counts values ($1, 0, $2)", [enterpriseId, count]);
  await admin.query(
    `insert into companies (enterprise_id, id, name, created_at, updated_at)
     select $1, id, id::text, now(), now() from unnest($2::uuid[]) as id`,
    [enterpriseId, [rareCompany, usualCompany]],
  );
  await admin.query(
    `insert into events (enterprise_id, id, customer_id, company_id, type, start_at, end_at, created_at, updated_at)
     select $1, id_of_text(lpad(to_hex(i), 24, '0')), id_of_text(lpad(to_hex((i + 1) / 2), 24, '0')),
       case when (i + 1) / 2 % 100 = 0 then $3::uuid else $4::uuid end, 'booking', now(), now(), now(), now()
     from generate_series(1, 2 * $2::int) i`,
    [enterpriseId, count, rareCompany, usualCompany],
  );
}

describe("among forty thousand customers of another enterprise", () => {
  let small: Client;
  let large: Client;
  beforeAll(async () => {
    small = await registry.client();
    large = await registry.client();
    await fill(small, 3_000);
    await fill(large, 40_000);
    await registry.database.admin.query("vacuum analyze customers, customer_versions, events");
  });

  const statementsOf = (
    { enterpriseId }: Client,
    query: ListQuery,
    after: readonly string[] | null,
    streamed: boolean,
  ) => {
    const database = readingAs(registry.database.service, { enterpriseId, kind: "operator" });
    return withDefinitions(database, async (definitions) => {
      await database.batch([]);
      const { request, fieldErrors } = readListQuery(definitions, query);
      expect(fieldErrors).toEqual([]);
      const { page = 1, limit = 50 } = query;
      const asked = {
        after,
        offset: (page - 1) * limit,
        rowsMax: limit + 1,
        counted: query.count !== "none",
        streamed,
      };
      return listStatements(database, { ...request, ...asked });
    });
  };

  /** Plan nodes, as the service gets them. */
  async function planOf(
    { enterpriseId }: Client,
    { text, values }: Statement,
  ): Promise<Record<string, string>[]> {
    const service = await driverOf(registry.database.service).connect();
    try {
      await service.query("begin");
      await service.query("select set_config('clientele.enterprise_id', $1, true)", [
        enterpriseKeyOf(enterpriseId),
      ]);
      const [given = []] = await encoded(service, [{ text, values }]);
      const { rows } = await service.query(`explain (format json) ${text}`, [...given]);
      const nodes: Record<string, string>[] = [];
      const visit = (node: Record<string, unknown>) => {
        nodes.push(node as Record<string, string>);
        for (const child of (node["Plans"] as Record<string, unknown>[] | undefined) ?? []) visit(child);
      };
      visit(rows[0]["QUERY PLAN"][0].Plan);
      return nodes;
    } finally {
      await service.query("rollback");
      service.release();
    }
  }

  const shapes: Record<string, ListQuery> = {
    "no filter": {},
    "a later page": { page: 3 },
    "by last name": { sort: "lastName", sort_type: "desc" },
    "by full name": { sort: "fullName" },
    "by e-mail": { sort: "email" },
    "by company": { sort: "companyName" },
    "by external id": { sort: "externalId" },
    "by external id, later": { sort: "externalId", sort_type: "desc", page: 2 },
    "by creation": { sort: "createdAt", sort_type: "desc" },
    "by update": { sort: "updatedAt", sort_type: "desc" },
    "by bookings": { sort: "totalBookings", sort_type: "desc" },
    "by a field": { sort: "city" },
    ids: { ids: ["000000000000000000000001", "000000000000000000000002"] },
    "external ids": { external_ids: ["K-2", "K-4"] },
    tags: { tag_ids: ["0".repeat(24)] },
    companies: { company_ids: [rareCompany] },
    "companies, by last name": { company_ids: [rareCompany, usualCompany], sort: "lastName" },
    "a search at a company": { q: "name12", company_ids: [rareCompany] },
    "first name letter": { first_name_letter: "n" },
    "last name letter": { last_name_letter: "#" },
    "a search": { q: "name12" },
    "a search for a letter": { q: "n", count: "none" },
    "a search by update": { q: "name12", sort: "updatedAt" },
    "a search by a field": { q: "name12", sort: "city" },
    "a search by external id": { q: "name12", sort: "externalId" },
    "a search and more": { q: "all", last_name_letter: "l", booker_id: "b", updated_since: "2026-01-02" },
    booker: { booker_id: "b" },
    "updated since": { updated_since: "2026-01-03" },
    "updated since, by update": { updated_since: "2026-01-03", sort: "updatedAt" },
    "a field's value": { filter: { city: "City 7" } },
    "a field that is set": { filter_is: { city: "unset" } },
    "a part of a field": { filter_contains: { city: "y 7" } },
    "a day and later": { filter_from: { birthday: "2000-01-01" } },
    "created between": { created_since: "2026-01-01", created_before: "2026-02-01", sort: "createdAt" },
    "no bookings": { has_bookings: false },
    "no tags": { without_tags: true, sort: "lastName" },
  };
  for (const [name, query] of Object.entries(shapes)) {
    test(`${name} reads no table from end to end`, async () => {
      for (const streamed of [false, true]) {
        for (const statement of await statementsOf(small, query, null, streamed)) {
          for (const node of await planOf(small, statement)) {
            for (const table of ["customers", "customer_versions", "events"])
              expect(node, statement.text).not.toMatchObject({
                "Node Type": "Seq Scan",
                "Relation Name": table,
              });
          }
        }
      }
    });
  }

  test("a position is found by the index of its order", async () => {
    const [statement] = await statementsOf(small, { sort: "lastName" }, ["last7", "0".repeat(24)], false);
    const scan = (await planOf(small, statement!)).find((node) => node["Relation Name"] === "customers");
    expect(scan).toMatchObject({ "Index Name": "customers_last_name_idx" });
    expect(scan!["Index Cond"]).toContain("last7");
  });

  describe("when more match than are looked up first", () => {
    const first = async (query: Record<string, string>) => {
      const { status, text, body } = await large.get(path, { query: { fields: "id", limit: "3", ...query } });
      expect(status, text).toBe(200);
      return {
        ids: body.data.map(({ id }: { id: string }) => Number.parseInt(id, 16)),
        total: body.total,
        next: body.meta.nextCursor,
      };
    };

    test("they come in order and are all counted", async () => {
      expect(await first({ q: "all" })).toMatchObject({ ids: [1_000, 2_000, 3_000], total: 40_000 });
      expect(await first({ q: "all", sort_type: "desc" })).toMatchObject({ ids: [39_999, 38_999, 37_999] });
      expect(await first({ q: "all", sort: "externalId" })).toMatchObject({ ids: [1, 3, 5], total: 40_000 });
      expect(await first({ q: "all", sort: "city", page: "2" })).toMatchObject({ ids: [400, 500, 600] });
      expect(await first({ q: "all name7" })).toMatchObject({ ids: [7, 1_007, 2_007], total: 4_440 });
    });

    test("further conditions hold, and count", async () => {
      const since = { q: "all", updated_since: "2026-01-28T18:00:00Z", sort: "createdAt" };
      expect(await first(since)).toMatchObject({ ids: [39_960, 39_961, 39_962], total: 41 });
      expect(await first({ updated_since: "2026-01-02", sort: "createdAt" })).toMatchObject({
        ids: [1_440, 1_441, 1_442],
        total: 38_561,
      });
    });

    test("those of a company come in order too, the many and the few", async () => {
      const usual = { company_ids: usualCompany };
      expect(await first(usual)).toMatchObject({
        ids: [1, 1_001, 2_001],
        total: 39_600,
      });
      expect(await first({ company_ids: rareCompany })).toMatchObject({
        ids: [1_000, 2_000, 3_000],
        total: 400,
      });
      const both = { company_ids: `${rareCompany},${usualCompany}`, q: "name100" };
      expect(await first({ ...both, sort: "createdAt" })).toMatchObject({
        ids: [100, 1_100, 2_100],
        total: 40,
      });
    });

    test("those of common words come in the same order when nothing is counted", async () => {
      const since = (day: string) => ({ updated_since: `2026-01-${day}T18:00:00Z` });
      for (const query of [
        { q: "a" },
        { q: "a", sort_type: "desc" },
        { q: "al n", sort: "fullName" },
        { q: "a", sort: "totalBookings" },
        { q: "a", sort: "externalId" },
        { q: "a", sort: "city" },
        { q: "a", page: "2" },
        // Some of the first that are walked along, and none of them.
        { q: "a", last_name_letter: "l", ...since("28") },
        { q: "a", sort: "createdAt", ...since("28") },
        { q: "x" },
      ] as Record<string, string>[]) {
        const counted = await first(query);
        const { ids, next } = await first({ ...query, count: "none" });
        expect(ids, JSON.stringify(query)).toEqual(counted.ids);
        if (next === null) continue;
        expect((await first({ ...query, count: "none", cursor: next })).ids).toEqual(
          (await first({ ...query, cursor: counted.next })).ids,
        );
      }
    });

    test("a cursor goes on among them", async () => {
      for (const query of [
        { q: "all" },
        { q: "all", sort: "externalId" },
        { q: "all", sort: "city" },
        { company_ids: usualCompany },
      ]) {
        const { next } = await first(query as Record<string, string>);
        const { ids } = await first({ ...(query as Record<string, string>), cursor: next });
        const both = await first({ ...(query as Record<string, string>), limit: "6" });
        expect(ids).toEqual(both.ids.slice(3));
      }
    });

    test("readers that go away in the middle leave nothing behind", async () => {
      await registry.app.listen({ port: 0, host: "127.0.0.1" });
      const { port } = registry.app.server.address() as AddressInfo;
      const headers = { authorization: `Bearer ${large.token}` };
      // More than there are connections to the database.
      for (let reader = 0; reader < 40; reader++) {
        const leaving = new AbortController();
        const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers, signal: leaving.signal });
        await answer.body!.getReader().read();
        leaving.abort();
      }
      expect(await first({ limit: "501" })).toMatchObject({ total: 40_000 });
    });

    test("ten thousand are streamed, each once, and the next ten thousand follow", async () => {
      const page = (query: Record<string, string>) =>
        first({ ...query, limit: "10000", count: "none", sort: "lastName" });
      for (const query of [{}, { q: "all" }] as Record<string, string>[]) {
        const seen = new Set<number>();
        for (let cursor: string | null = ""; cursor !== null; ) {
          const { ids, next }: { ids: number[]; next: string | null } = await page({
            ...query,
            ...(cursor === "" ? {} : { cursor }),
          });
          for (const id of ids) seen.add(id);
          cursor = next;
        }
        expect(seen.size).toBe(40_000);
      }
    });
  });
});
