import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { type Client, startApp } from "../../testing/start-app.ts";
import { fold, sortKey } from "../../text/fold.ts";

const registry = startApp();
const path = "/v1/enterprise-customers";

// Few different values make many ties; some are unset, some differ only by case and accents.
const name = fc.constantFrom(
  "",
  "Anna",
  "ANNA",
  "Änne",
  "anna-maria",
  "Zoë",
  "Łukasz",
  "Straße",
  "Ж",
  "42",
  "\u{1D49C}",
  "-",
);
const rows = fc.record({
  firstName: name,
  lastName: name,
  companyName: name,
  email: fc.constantFrom("", "a@example.com", "B@example.com"),
  city: fc.constantFrom(
    "",
    "Ærø",
    "ærø",
    "Zürich",
    "zurich",
    "Ωmega",
    "ωmega",
    "İzmir",
    "ẞ",
    "10 Downing",
    "Łódź",
    "x".repeat(120),
    `${"x".repeat(120)}y`,
  ),
  mobilePhone: fc.constantFrom("", "+493012345678", "+12025550123"),
  number: fc.constantFrom("", "10", "9", "-3.5", "0", "100000000000000000000000000000", "1.50", "1.5"),
  externalId: fc.constantFrom(null, "k", "K", "ä", "10", "9", "a\\b", "\u{1F600}"),
  bookings: fc.integer({ min: 0, max: 3 }),
  updatedAt: fc.integer({ min: 1_767_225_600, max: 1_767_225_605 }),
  tags: fc.subarray(["vip", "regular"]),
});
type Row = typeof rows extends fc.Arbitrary<infer T> ? T : never;
type Customer = Omit<Row, "externalId"> & { id: string; externalId: string | null };

type Key = string | number | boolean;
const unsetLast = (value: string, key: (value: string) => Key): Key[] => [
  value === "",
  value === "" ? "" : key(value),
];
const keysOf: Record<string, (customer: Customer) => Key[]> = {
  firstName: (customer) => [sortKey(customer.firstName), sortKey(customer.lastName)],
  lastName: (customer) => [sortKey(customer.lastName)],
  fullName: (customer) => [sortKey(customer.firstName), sortKey(customer.lastName)],
  companyName: (customer) => [sortKey(customer.companyName)],
  email: (customer) => [sortKey(customer.email)],
  externalId: (customer) => [customer.externalId !== null, customer.externalId ?? ""],
  createdAt: () => [],
  updatedAt: (customer) => [customer.updatedAt],
  totalBookings: (customer) => [customer.bookings],
  city: (customer) => unsetLast(customer.city, (value) => fold(value).slice(0, 100)),
  mobilePhone: (customer) => unsetLast(customer.mobilePhone, (value) => value),
  number: (customer) => unsetLast(customer.number, Number),
};

const compareKeys = (one: Key, other: Key): number => {
  if (typeof one === "string" && typeof other === "string")
    return Buffer.compare(Buffer.from(one), Buffer.from(other));
  return Number(one) - Number(other);
};

function ordered(customers: readonly Customer[], sort: string, descending: boolean): string[] {
  const keys = (customer: Customer) => [...keysOf[sort]!(customer), customer.id];
  const compare = (one: Customer, other: Customer) => {
    const [left, right] = [keys(one), keys(other)];
    return left.map((key, index) => compareKeys(key, right[index]!)).find((order) => order !== 0) ?? 0;
  };
  const ascending = [...customers].sort(compare).map(({ id }) => id);
  return descending ? ascending.reverse() : ascending;
}

const seed = 20_260_131;

describe(`the order of a list (seed ${seed})`, () => {
  let client: Client;
  let customers: Customer[];
  let numberField: string;
  const tagIds: Record<string, string> = { vip: "a".repeat(24), regular: "b".repeat(24) };

  beforeAll(async () => {
    client = await registry.client();
    const { admin } = registry.database;
    const { enterpriseId } = client;
    numberField = "c".repeat(24);
    await admin.query(
      `insert into custom_fields (enterprise_id, id, number, category_id, type, label, order_index, created_at, updated_at)
       select enterprise_id, $2, 99, id, 'NUMBER', 'Number', 99, now(), now() from categories where enterprise_id = $1`,
      [enterpriseId, numberField],
    );
    for (const [tag, id] of Object.entries(tagIds)) {
      await admin.query("insert into tags values ($1, $2, $3, now(), now())", [enterpriseId, id, tag]);
    }
    const generated = fc.sample(rows, { numRuns: 300, seed });
    const { status, text, body } = await client.post(
      `${path}/import`,
      generated.map(
        (
          { externalId, tags, number, firstName, lastName, companyName, email, city, mobilePhone },
          index,
        ) => ({
          values: { firstName, lastName, companyName, email, city, mobilePhone, [numberField]: number },
          ...(externalId === null ? {} : { external_id: `${externalId}${index}` }),
          tag_ids: tags.map((tag) => tagIds[tag]),
        }),
      ),
    );
    expect(status, text).toBe(200);
    customers = generated.map((row, index) => ({
      ...row,
      externalId: row.externalId === null ? null : `${row.externalId}${index}`,
      id: body.data.results[index].id,
    }));
    await admin.query(
      `update customer_versions set total_bookings = bookings, updated_at = to_timestamp(at)
       from unnest($2::uuid[], $3::int[], $4::bigint[]) as r(customer, bookings, at)
       where enterprise_id = $1 and customer_id = customer`,
      [
        enterpriseId,
        customers.map((c) => c.id),
        customers.map((c) => c.bookings),
        customers.map((c) => c.updatedAt),
      ],
    );
  });

  const query = fc.record({
    sort: fc.constantFrom(...Object.keys(keysOf)),
    descending: fc.boolean(),
    limit: fc.constantFrom(1, 7, 50, 100, 299, 300, 301, 600),
    filters: fc.record(
      {
        q: fc.constantFrom("an", "anna zo", "k", "strasse", "nobody"),
        first_name_letter: fc.constantFrom("a", "#", "Ä", "z", "q"),
        last_name_letter: fc.constantFrom("a", "#"),
        tag_ids: fc.constantFrom(["vip"], ["vip", "regular"]),
        updated_since: fc.constantFrom("2026-01-01T00:00:03", "2026-01-01"),
        city: fc.constantFrom("Ærø", "Nowhere"),
      },
      { requiredKeys: [] },
    ),
  });
  type Query = typeof query extends fc.Arbitrary<infer T> ? T : never;

  const wordsOf = (customer: Customer) =>
    [customer.firstName, customer.lastName, customer.companyName, customer.email, customer.externalId ?? ""]
      .map((text) => fold(text))
      .flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)]);
  const matches =
    ({ filters }: Query) =>
    (customer: Customer): boolean => {
      const { q, first_name_letter: first, last_name_letter: last, tag_ids, updated_since, city } = filters;
      const startsWith = (text: string, letter: string) =>
        letter === "#" ? !/^\p{L}/u.test(text) : fold(text).startsWith(fold(letter));
      return (
        (q === undefined ||
          q.split(" ").every((part) => wordsOf(customer).some((word) => word.startsWith(part)))) &&
        (first === undefined || startsWith(customer.firstName, first)) &&
        (last === undefined || startsWith(customer.lastName, last)) &&
        (tag_ids === undefined || tag_ids.some((tag) => (customer.tags as string[]).includes(tag))) &&
        (updated_since === undefined ||
          customer.updatedAt * 1000 >=
            Date.parse(`${updated_since.slice(0, 10)}T${updated_since.slice(11) || "00:00:00"}Z`)) &&
        (city === undefined || customer.city === city)
      );
    };

  const wireOf = ({ sort, descending, limit, filters }: Query): Record<string, string> => {
    const { city, tag_ids, ...rest } = filters;
    return {
      ...rest,
      ...(city === undefined ? {} : { "filter[city]": city }),
      ...(tag_ids === undefined ? {} : { tag_ids: tag_ids.map((tag) => tagIds[tag]).join() }),
      sort: sort === "number" ? numberField : sort,
      sort_type: descending ? "desc" : "asc",
      limit: String(limit),
      fields: "id",
    };
  };

  async function page(query: Record<string, string>) {
    const { status, text, body } = await client.get(path, { query });
    expect(status, text).toBe(200);
    return {
      ids: (body.data as { id: string }[]).map(({ id }) => id),
      total: body.total,
      next: body.meta.nextCursor,
    };
  }

  test("is that of the model in every sort, both ways", async () => {
    for (const sort of Object.keys(keysOf)) {
      for (const descending of [false, true]) {
        const { ids, total, next } = await page(wireOf({ sort, descending, limit: 600, filters: {} }));
        expect(ids, `${sort} ${descending}`).toEqual(ordered(customers, sort, descending));
        expect({ total, next }).toEqual({ total: 300, next: null });
      }
    }
  });

  test("is the same by pages and by cursors, whatever is filtered", async () => {
    await fc.assert(
      fc.asyncProperty(query, async (asked) => {
        const expected = ordered(customers.filter(matches(asked)), asked.sort, asked.descending);
        const wire = wireOf(asked);
        // Page by page is slow where pages are small, and says nothing more after a few.
        const pagesMax = 5;
        for (let number = 1; number <= pagesMax; number++) {
          const start = (number - 1) * asked.limit;
          const { ids, total } = await page({ ...wire, page: String(number) });
          expect(ids).toEqual(expected.slice(start, start + asked.limit));
          expect(total).toBe(expected.length);
          if (ids.length < asked.limit) break;
        }
        const walked: string[] = [];
        let cursor: string | null = null;
        do {
          const next = await page({ ...wire, ...(cursor === null ? {} : { cursor }), count: "none" });
          walked.push(...next.ids);
          cursor = next.next;
        } while (cursor !== null && (asked.limit > 1 || walked.length < 40));
        expect(walked).toEqual(asked.limit > 1 ? expected : expected.slice(0, 40));
      }),
      { numRuns: 150, seed },
    );
  });
});

describe("a walk by cursor while others write", () => {
  test("meets everybody who stays exactly once", async () => {
    const client = await registry.client();
    const add = (names: readonly string[]) =>
      client.post(
        `${path}/import`,
        names.map((firstName) => ({ values: { firstName } })),
      );
    const { body } = await add(Array.from({ length: 200 }, (_, index) => `Stays ${index % 20}`));
    const staying = new Set<string>(body.data.results.map(({ id }: { id: string }) => id));
    const { body: added } = await add(Array.from({ length: 100 }, (_, index) => `Stays ${index % 20}`));
    const leaving: string[] = added.data.results.map(({ id }: { id: string }) => id);

    const met: string[] = [];
    let cursor: string | undefined;
    do {
      const answer: Awaited<ReturnType<Client["get"]>> = await client.get(path, {
        query: { limit: "9", fields: "id", ...(cursor === undefined ? {} : { cursor }) },
      });
      met.push(...answer.body.data.map(({ id }: { id: string }) => id));
      cursor = answer.body.meta.nextCursor ?? undefined;
      // Before and behind where the walk is, and the very customer that the cursor stands on.
      await Promise.all([
        add(["Aaa", "Stays 5", "Zzz"]),
        ...leaving.splice(0, 4).map((id) => client.delete(`${path}/${id}`)),
        ...met.slice(-1).flatMap((id) => (staying.has(id) ? [] : [client.delete(`${path}/${id}`)])),
      ]);
    } while (cursor !== undefined && met.length < 2_000);
    const metStaying = met.filter((id) => staying.has(id));
    expect(new Set(met).size).toBe(met.length);
    expect(metStaying).toHaveLength(staying.size);
  });
});
