import { beforeAll, describe, expect, test } from "vitest";
import { type Client, startApp } from "../../testing/start-app.ts";
import { searchTermPrefix } from "../derived/derive.ts";

const registry = startApp();
const path = "/v1/enterprise-customers";

/**
 * More than are read by id to find customers without a key. Without a company or a booking: the last ones, more than are
 * sorted at once. Without an external id: a few.
 */
const customers = 23_000;
const lastSet = 21_800;
const isWithoutExternalId = (number: number) => number % 5_000 === 0;

type Customer = { number: number; companyName: string; totalBookings: number; externalId: string };
const all: Customer[] = Array.from({ length: customers }, (_, index) => {
  const number = index + 1;
  return {
    number,
    companyName: number <= lastSet ? `company ${number % 90}` : "",
    totalBookings: number <= lastSet ? 1 + (number % 40) : 0,
    externalId: isWithoutExternalId(number) ? "" : `K-${(number * 7_919) % 99_991}`,
  };
});

describe("an order in which many customers lack the key", () => {
  let client: Client;
  beforeAll(async () => {
    client = await registry.client();
    const { admin } = registry.database;
    await admin.query(
      `insert into customers (enterprise_id, id, external_id, values, first_name_key, last_name_key, company_name_key,
         email_key, search)
       select $1, id_of_text(lpad(to_hex(number), 24, '0')), nullif(external, ''), '{}', '', '', nullif(company, ''), '',
         array_to_tsvector(case when number % 10 = 0 then array[$2 || 'tenth'] else '{}'::text[] end)
       from unnest($3::int[], $4::text[], $5::text[]) as r(number, external, company)`,
      [
        client.enterpriseId,
        searchTermPrefix(client.enterpriseId),
        all.map(({ number }) => number),
        all.map(({ externalId }) => externalId),
        all.map(({ companyName }) => companyName),
      ],
    );
    await admin.query(
      `insert into customer_versions (enterprise_id, customer_id, updated_at, version, total_bookings)
       select $1, id_of_text(lpad(to_hex(number), 24, '0')), now(), 1, bookings from unnest($2::int[], $3::int[]) as r(number, bookings)`,
      [client.enterpriseId, all.map(({ number }) => number), all.map(({ totalBookings }) => totalBookings)],
    );
    await admin.query("insert into customer_counts values ($1, 0, $2)", [client.enterpriseId, customers]);
  });

  const keys = ["companyName", "totalBookings", "externalId"] as const;
  const inOrder = (
    listed: readonly Customer[],
    sort: (typeof keys)[number],
    descending: boolean,
  ): number[] => {
    const sign = descending ? -1 : 1;
    return listed
      .toSorted((one, other) => {
        const order = one[sort] < other[sort] ? -1 : one[sort] > other[sort] ? 1 : one.number - other.number;
        return sign * order;
      })
      .map(({ number }) => number);
  };

  const page = async (query: Record<string, string>) => {
    const { status, text, body } = await client.get(path, { query: { fields: "id", ...query } });
    expect(status, text).toBe(200);
    const numbers = body.data.map(({ id }: { id: string }) => Number.parseInt(id, 16)) as number[];
    return { numbers, next: body.meta.nextCursor as string | null, total: body.total as number | null };
  };

  /** Every customer of the list, page by page. */
  const listed = async (query: Record<string, string>): Promise<number[]> => {
    const numbers: number[] = [];
    for (let next: string | null = ""; next !== null; ) {
      const read = await page({ count: "none", ...query, ...(next === "" ? {} : { cursor: next }) });
      numbers.push(...read.numbers);
      next = read.next;
    }
    return numbers;
  };

  const orders = keys.flatMap((sort) => [false, true].map((descending) => ({ sort, descending })));
  const queryOf = ({ sort, descending }: (typeof orders)[number]) => ({
    sort,
    sort_type: descending ? "desc" : "asc",
  });

  test.each(orders)(
    "has each customer once, through cursors: $sort, descending $descending",
    async (order) => {
      const expected = inOrder(all, order.sort, order.descending);
      expect(await listed({ ...queryOf(order), limit: "7000" })).toEqual(expected);
      expect(await listed({ ...queryOf(order), limit: "9000", q: "tenth" })).toEqual(
        expected.filter((number) => number % 10 === 0),
      );
    },
  );

  test.each(orders)("goes on from one part to the other: $sort, descending $descending", async (order) => {
    const expected = inOrder(all, order.sort, order.descending);
    const empties = all.filter((customer) => !customer[order.sort]).length;
    const border = order.descending ? customers - empties : empties;
    const limit = 50;
    const number = Math.max(1, Math.floor(border / limit));
    const before = await page({ ...queryOf(order), limit: String(limit), page: String(number) });
    expect(before.numbers).toEqual(expected.slice((number - 1) * limit, number * limit));
    expect(before.total).toBe(customers);
    const across = await page({ ...queryOf(order), limit: String(limit), cursor: String(before.next) });
    expect(across.numbers).toEqual(expected.slice(number * limit, (number + 1) * limit));
  });

  test.each([
    [true, "asc"],
    [true, "desc"],
    [false, "asc"],
    [false, "desc"],
  ] as const)("has those with bookings: %s, %s", async (has, sort_type) => {
    const matches = all.filter(({ totalBookings }) => totalBookings > 0 === has);
    const query = { has_bookings: String(has), sort_type };
    for (const sort of ["totalBookings", "externalId"] as const) {
      const expected = inOrder(matches, sort, sort_type === "desc");
      const first = await page({ ...query, sort, limit: "100" });
      expect(first).toMatchObject({ numbers: expected.slice(0, 100), total: matches.length });
      const second = await page({ ...query, sort, limit: "100", cursor: String(first.next), count: "none" });
      expect(second.numbers).toEqual(expected.slice(100, 200));
    }
  });
});
