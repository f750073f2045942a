import { sortNames } from "@clientele/contract/customers";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { enterpriseKeyOf } from "../../database/id-codec.ts";
import { explainStatement, type PlanNode } from "../../testing/explain-statement.ts";
import { defaultFieldKeys, fillCustomers } from "../../testing/fill-customers.ts";
import { type Client, startApp } from "../../testing/start-app.ts";
import { type Tapped, tap } from "../../testing/statement-tap.ts";

const path = "/v1/enterprise-customers";
const isNightly = inject("random").scale > 1;

/** Pages per returned row: the entry of an index, the customer and its version by their primary keys. */
const perRow = 10;
/** Pages per counted match: the customer. */
const perMatch = 1.2;
/** Matches that are read again to be sorted, or before their number is known to be large, and pages per such match. */
const fewMax = 1_001;
const perSorted = 9;
/** Pages that a request reads whatever it returns: the paths to its entries, and the pending list of the search index. */
const perRequest = 70;

type Shape = {
  query: Record<string, string>;
  /** The number of matches among that many customers; absent when a page returns all of them or the sort index has them. */
  matches?: (customers: number) => number;
  /** The request continues in the middle of the list. */
  isMiddle?: boolean;
};

const all = (customers: number) => customers;
const tenth = (customers: number) => customers / 10;

const shapes: Record<string, Shape> = {
  "a list": { query: {} },
  ...Object.fromEntries(
    sortNames.flatMap((sort) =>
      ["asc", "desc"].flatMap((sort_type) => [
        [`sort=${sort} ${sort_type}`, { query: { sort, sort_type } }],
        [
          `sort=${sort} ${sort_type}, in the middle`,
          { query: { sort, sort_type, count: "none" }, isMiddle: true },
        ],
      ]),
    ),
  ),
  "an absent term": { query: { q: "nobodyhasthis" } },
  "a rare term": { query: { q: "only77x" } },
  "a rare term, uncounted": { query: { q: "only77x", count: "none" } },
  "a rare term by update": { query: { q: "only77x", sort: "updatedAt" } },
  "a rare term by a field": { query: { q: "only77x", sort: "city" } },
  "a rare term and more": { query: { q: "only77x", has_bookings: "true", "filter_contains[city]": "i" } },
  "a term of a tenth": { query: { q: "tenth" }, matches: tenth },
  "a term of a tenth, uncounted": { query: { q: "tenth", count: "none" }, matches: tenth },
  "a term of a tenth in the middle": { query: { q: "tenth", count: "none" }, matches: tenth, isMiddle: true },
  "a term of all": { query: { q: "everybody" }, matches: all },
  "a term of all, uncounted": { query: { q: "everybody", count: "none" }, matches: all },
  "a term of all by update": { query: { q: "everybody", sort: "updatedAt", count: "none" }, matches: all },
  "a term of all by external id": {
    query: { q: "everybody", sort: "externalId", count: "none" },
    matches: all,
  },
  "a letter, uncounted": { query: { q: "e", count: "none" }, matches: all },
  ids: { query: { ids: ["11", "12", "13"].map((id) => id.padStart(24, "0")).join(",") } },
  "external ids": { query: { external_ids: "K-11,K-12,K-13,nobody" } },
  "external ids by update": { query: { external_ids: "K-11,K-12,K-13", sort: "updatedAt" } },
  "a rare value": { query: { "filter[email]": "customer.77@example.com" } },
  "a value of a twentieth": { query: { "filter[city]": "City 7" }, matches: (customers) => customers / 20 },
  "a tag of a tenth": { query: { tag_ids: "a".repeat(24), count: "none" }, matches: tenth },
  "a tag nobody has": { query: { tag_ids: "b".repeat(24) } },
  "a booker nobody is": { query: { booker_id: "nobody" } },
  "a company of few": { query: { company_ids: "1".repeat(24) } },
  "a company of few and a term of all": {
    query: { company_ids: "1".repeat(24), q: "everybody", count: "none" },
  },
  "updated before all": { query: { updated_before: "2000-01-01" } },
  bookings: { query: { has_bookings: "true", count: "none" }, matches: (customers) => customers / 7 },
  "created last": { query: { created_since: "2099-01-01", sort: "lastName" } },
};

type Setting = { name: string; customers: number; others: number };
const settings: Setting[] = [
  { name: "a thousand customers of one enterprise", customers: 1_000, others: 0 },
  { name: "twenty thousand customers among a thousand enterprises", customers: 20_000, others: 1_000 },
  ...(isNightly
    ? [
        { name: "200,000 customers of one enterprise", customers: 200_000, others: 0 },
        { name: "200,000 customers among a thousand enterprises", customers: 200_000, others: 1_000 },
        { name: "a million customers of one enterprise", customers: 1_000_000, others: 0 },
      ]
    : []),
];

describe.each(settings)("with $name", ({ customers, others }) => {
  const registry = startApp();
  let client: Client;
  let sent: Tapped[] = [];

  beforeAll(async () => {
    tap(registry.database.service, ({ statements }) => sent.push(...statements));
    client = await registry.client();
    const { admin } = registry.database;
    // Statistics that lie: the enterprise, and nearly all customers, arrive after ANALYZE.
    const { enterpriseId } = await registry.client();
    await fillCustomers(admin, {
      id: enterpriseId,
      customers: 3,
      fieldKeys: await defaultFieldKeys(admin, enterpriseId),
    });
    await admin.query("analyze");
    const fieldKeys = await defaultFieldKeys(admin, client.enterpriseId);
    await fillCustomers(admin, { id: client.enterpriseId, customers, fieldKeys });
    const otherIds = Array.from(
      { length: others },
      (_, other) => `00${(other + 1).toString(16).padStart(22, "0")}`,
    );
    await admin.query(
      `insert into enterprises (key, id, name, created_at, updated_at)
       select key, id, id::text, now(), now() from unnest($1::bigint[], $2::uuid[]) as r(key, id)`,
      [otherIds.map(enterpriseKeyOf), otherIds],
    );
    for (const id of otherIds) await fillCustomers(admin, { id, customers: 20, fieldKeys });
  }, 3_600_000);

  /** Pages read by the statements of a request, without those that authorize. */
  async function pagesOf(
    query: Record<string, string>,
  ): Promise<{ buffers: number; rows: number; scans: PlanNode[] }> {
    sent = [];
    const { status, text, body } = await client.get(path, { query });
    expect(status, text).toBe(200);
    const statements = sent.filter(({ text }) => /\bfrom customer/.test(text));
    let buffers = 0;
    const scans: PlanNode[] = [];
    for (const statement of statements) {
      const explained = await explainStatement(registry.database.service, client.enterpriseId, statement);
      buffers += explained.buffers;
      scans.push(
        ...explained.nodes.filter(
          (node) => node["Node Type"] === "Seq Scan" && String(node["Relation Name"]).startsWith("customer"),
        ),
      );
    }
    return { buffers, rows: body.data.length, scans };
  }

  /** The cursor of the page in the middle of the list. */
  async function cursorInTheMiddle(query: Record<string, string>): Promise<string> {
    const page = String(Math.floor((query["q"] === "tenth" ? customers / 10 : customers) / 100));
    const { status, text, body } = await client.get(path, { query: { ...query, page } });
    expect(status, text).toBe(200);
    return body.meta.nextCursor;
  }

  describe.each(["after the import, with statistics of an almost empty table", "after VACUUM ANALYZE"])(
    "%s",
    (state) => {
      beforeAll(async () => {
        if (state === "after VACUUM ANALYZE") await registry.database.admin.query("vacuum analyze");
      }, 3_600_000);

      for (const [name, { query, matches = () => 0, isMiddle }] of Object.entries(shapes)) {
        test(`${name} reads pages in proportion to what it returns`, async () => {
          const asked = { limit: "50", ...query };
          const cursor = isMiddle ? await cursorInTheMiddle(asked) : undefined;
          const { buffers, rows, scans } = await pagesOf({ ...asked, ...(cursor ? { cursor } : {}) });
          if (process.env["FIGURES"])
            process.stdout.write(
              `${customers} ${others} ${state.slice(0, 9)} | ${name} | ${buffers} pages, ${rows} rows\n`,
            );
          expect(scans).toEqual([]);
          const found = matches(customers);
          const counted = query["count"] === "none" ? 0 : found;
          expect(buffers).toBeLessThanOrEqual(
            perRequest + perRow * rows + perSorted * Math.min(found, fewMax) + perMatch * counted,
          );
        });
      }
    },
  );
});
