import { describe, expect, test } from "vitest";
import { type Client, startApp } from "../../testing/start-app.ts";
import { changesAreVisible } from "../../testing/visible-changes.ts";

const registry = startApp();
const path = "/v1/enterprise-customers";

type Written = Record<string, string>;

async function add(client: Client, values: Written, rest: object = {}): Promise<string> {
  const customfields = Object.entries(values).map(([id, value]) => ({ id, value }));
  const { status, text, body } = await client.post(path, { customfields, ...rest });
  expect(status, text).toBe(201);
  return body.data.id;
}

const list = (client: Client, query: Record<string, string> = {}) => client.get(path, { query });

async function namesOf(client: Client, query: Record<string, string>): Promise<string[]> {
  const { status, text, body } = await list(client, { fields: "fullName", ...query });
  expect(status, text).toBe(200);
  expect(body.total, "the total counts what is listed").toBe(body.data.length);
  return body.data.map((customer: { fullName: string }) => customer.fullName);
}

describe("a list", () => {
  test("of nobody is empty, and so is a page past the end", async () => {
    const client = await registry.client();
    const empty = {
      total: 0,
      meta: { page: 1, limit: 10_000, totalItems: 0, totalPages: 0, nextCursor: null },
    };
    expect((await list(client)).body).toEqual({ data: [], ...empty, status: 1 });
    await add(client, { firstName: "Ann" });
    const past = await list(client, { page: "3", limit: "20" });
    expect(past.status).toBe(200);
    expect(past.body).toEqual({
      data: [],
      total: 1,
      meta: { page: 3, limit: 20, totalItems: 1, totalPages: 1, nextCursor: null },
      status: 1,
    });
    const farPast = await list(client, { page: "999999999999999" });
    expect(farPast.body).toMatchObject({ data: [], total: 1 });
  });

  test("has the customers as a fetch answers them, by first name, whether it streams or not", async () => {
    const client = await registry.client();
    const ids = [
      await add(client, { firstName: "Öde", city: 'a "quoted" \\ town' }, { external_id: "x" }),
      await add(client, { firstName: "Anna", mobilePhone: "+49301234567" }),
    ];
    const fetched = await Promise.all(ids.map(async (id) => (await client.get(`${path}/${id}`)).body.data));
    for (const limit of ["10", "10000"]) {
      const { body } = await list(client, { limit });
      expect(body.data).toEqual([fetched[1], fetched[0]]);
    }
  });

  test("pages by number, and counts all matches", async () => {
    const client = await registry.client();
    for (const firstName of ["D", "A", "C", "B", "E"]) await add(client, { firstName });
    const { body } = await list(client, { limit: "2", page: "2", fields: "firstName" });
    expect(body.data.map((customer: { firstName: string }) => customer.firstName)).toEqual(["C", "D"]);
    expect(body.meta).toEqual({
      page: 2,
      limit: 2,
      totalItems: 5,
      totalPages: 3,
      nextCursor: expect.any(String),
    });
    const last = await list(client, { limit: "2", cursor: body.meta.nextCursor });
    expect(last.body.meta).toMatchObject({ page: 3, nextCursor: null, totalItems: 5 });
    expect(last.body.data).toHaveLength(1);
    const full = await list(client, { limit: "5" });
    expect(full.body.meta.nextCursor, "the last page is full").toBeNull();
  });

  test("does not count when it is asked not to", async () => {
    const client = await registry.client();
    await add(client, { firstName: "A" });
    await add(client, { firstName: "B" });
    for (const limit of ["1", "600"]) {
      const { body } = await list(client, { count: "none", limit });
      expect(body).toMatchObject({ total: null, meta: { totalItems: null, totalPages: null } });
    }
    const { body } = await list(client, { count: "none", limit: "1" });
    expect(body.meta.nextCursor).toEqual(expect.any(String));
  });

  test("is of one enterprise", async () => {
    const [one, other] = [await registry.client(), await registry.client()];
    const id = await add(one, { firstName: "Ann", email: "ann@example.com" }, { external_id: "K-1" });
    await add(other, { firstName: "Bob" });
    for (const query of [
      {},
      { ids: id },
      { external_ids: "K-1" },
      { q: "ann" },
      { "filter[firstName]": "Ann" },
    ]) {
      expect(await namesOf(other, query as Written)).toEqual(Object.keys(query).length === 0 ? ["Bob"] : []);
      expect(await namesOf(one, query as Written)).toEqual(["Ann"]);
    }
  });
});

describe("a filter", () => {
  test("finds by id and external id, each in all ways a list is written", async () => {
    const client = await registry.client();
    const a = await add(client, { firstName: "A" }, { external_id: "K 1/ü" });
    const b = await add(client, { firstName: "B" }, { external_id: "K-2" });
    await add(client, { firstName: "C" });
    expect(await namesOf(client, { ids: `${b},${a}` })).toEqual(["A", "B"]);
    expect((await client.get(`${path}?ids=${a}&ids=${b}`)).body.total).toBe(2);
    expect((await client.get(`${path}?ids[]=${a}`)).body.total).toBe(1);
    expect(await namesOf(client, { ids: "nobody" })).toEqual([]);
    expect(await namesOf(client, { external_ids: "K-2,K-3" })).toEqual(["B"]);
    expect(await namesOf(client, { external_ids: "K 1/u\u0308" })).toEqual(["A"]);
    expect(await namesOf(client, { ids: a, external_ids: "K-2" })).toEqual([]);
  });

  test("finds by the first letter of a name, without case and accents", async () => {
    const client = await registry.client();
    for (const [firstName, lastName] of [
      ["Änne", "Öz"],
      ["anna", "Zorn"],
      ["Ægir", "1. FC"],
      ["Bo", "Ødegård"],
      ["Жанна", "Ж"],
      ["-", ""],
    ] as const) {
      await add(client, { firstName, lastName });
    }
    expect(await namesOf(client, { first_name_letter: "A" })).toEqual(["Ægir 1. FC", "anna Zorn", "Änne Öz"]);
    expect(await namesOf(client, { first_name_letter: "ä" })).toEqual(["Ægir 1. FC", "anna Zorn", "Änne Öz"]);
    expect(await namesOf(client, { first_name_letter: "ж" })).toEqual(["Жанна Ж"]);
    expect(await namesOf(client, { first_name_letter: "#" })).toEqual(["-"]);
    expect(await namesOf(client, { last_name_letter: "O" })).toEqual(["Änne Öz", "Bo Ødegård"]);
    expect(await namesOf(client, { last_name_letter: "#" })).toEqual(["-", "Ægir 1. FC"]);
    expect(await namesOf(client, { last_name_letter: "1" })).toEqual(["Ægir 1. FC"]);
    expect(await namesOf(client, { first_name_letter: "a", last_name_letter: "z" })).toEqual(["anna Zorn"]);
    expect(await namesOf(client, { first_name_letter: "x" })).toEqual([]);
    expect(await namesOf(client, { first_name_letter: "\u{10FFFF}" })).toEqual([]);
  });

  test("finds by tag, any of them, and by booker", async () => {
    const client = await registry.client();
    const tag = async (name: string) => {
      const { rows } = await registry.database.admin.query(
        `insert into tags values ($1, id_of_text(substr(md5(random()::text), 1, 24)), $2, now(), now()) returning id`,
        [client.enterpriseId, name],
      );
      return rows[0].id as string;
    };
    const [vip, regular] = [await tag("VIP"), await tag("Regular")];
    await add(client, { firstName: "A" }, { tag_ids: [vip], booker_id: "b1" });
    await add(client, { firstName: "B" }, { tag_ids: [vip, regular] });
    await add(client, { firstName: "C" }, { booker_id: "b1" });
    expect(await namesOf(client, { tag_ids: vip })).toEqual(["A", "B"]);
    expect(await namesOf(client, { tag_ids: `${regular},${vip}`, sort_type: "desc" })).toEqual(["B", "A"]);
    expect(await namesOf(client, { tag_ids: "nothing" })).toEqual([]);
    expect(await namesOf(client, { booker_id: "b1" })).toEqual(["A", "C"]);
    expect(await namesOf(client, { booker_id: "b1", tag_ids: vip })).toEqual(["A"]);
  });

  test("finds what was written since a day or a moment, which counts in", async () => {
    const client = await registry.client();
    const ids = [await add(client, { firstName: "A" }), await add(client, { firstName: "B" })];
    const at = (id: string | undefined, time: string) =>
      registry.database.admin.query("update customer_versions set updated_at = $2 where customer_id = $1", [
        id,
        time,
      ]);
    await at(ids[0], "2026-01-31T23:00:00Z");
    await at(ids[1], "2026-02-01T00:00:00Z");
    await changesAreVisible(registry.database);
    const since = (time: string) => namesOf(client, { updated_since: time });
    expect(await since("2026-01-31")).toEqual(["A", "B"]);
    expect(await since("2026-02-01")).toEqual(["B"]);
    expect(await since("2026-01-31T23:00:00")).toEqual(["A", "B"]);
    expect(await since("2026-01-31T23:00:01Z")).toEqual(["B"]);
    expect(await since("2026-02-01T00:00:00+01:00")).toEqual(["A", "B"]);
    expect(await since("2026-02-02")).toEqual([]);
    for (const time of ["2026-02-30", "yesterday", "2026-01-01T25:00:00Z"]) {
      const { status, body } = await list(client, { updated_since: time });
      expect(status).toBe(400);
      expect(body.details.query).toHaveProperty("updated_since");
    }
  });

  test("finds by the exact value of a field, as a write would store it", async () => {
    const client = await registry.client();
    await add(client, {
      firstName: "A",
      mobilePhone: '{"number":"30 1234567","country":"DE"}',
      city: "Köln",
    });
    await add(client, { firstName: "B", mobilePhone: "+49301234568", city: "Köln-Süd" });
    expect(await namesOf(client, { "filter[mobilePhone]": "+49 30 1234567" })).toEqual(["A"]);
    expect(await namesOf(client, { "filter[city]": " Ko\u0308ln " })).toEqual(["A"]);
    expect(await namesOf(client, { "filter[city]": "köln" })).toEqual([]);
    expect(await namesOf(client, { "filter[city]": "Köln", "filter[firstName]": "B" })).toEqual([]);
    const { status, body } = await list(client, {
      "filter[mobilePhone]": "12",
      "filter[nothing]": "1",
      "filter[city]": " ",
    });
    expect(status).toBe(400);
    expect(Object.keys(body.details.query).sort()).toEqual([
      "filter.city",
      "filter.mobilePhone",
      "filter.nothing",
    ]);
    expect(body.details.query["filter.nothing"]).toContain("mobilePhone");
  });
});

describe("what is unknown", () => {
  test("is refused with what there is, all of it at once", async () => {
    const client = await registry.client();
    const { status, body } = await list(client, {
      sort: "colour",
      fields: "id,colour,name",
      sort_type: "up",
    });
    expect(status).toBe(400);
    expect(Object.keys(body.details.query)).toEqual(["sort_type"]);
    const names = await list(client, { sort: "colour", fields: "id,colour,name" });
    expect(names.status).toBe(400);
    expect(Object.keys(names.body.details.query).sort()).toEqual(["fields.1", "fields.2", "sort"]);
    expect(names.body.details.query.sort).toContain("totalBookings");
    expect(names.body.details.query["fields.1"]).toContain("updatedAt");
    expect((await list(client, { sort: "colour" })).body.errorCode).toBe("SORT_UNKNOWN");
    expect((await list(client, { fields: "colour" })).body.errorCode).toBe("FIELD_UNKNOWN");
  });

  test("to one process may have been made by another meanwhile", async () => {
    const client = await registry.client();
    await add(client, { firstName: "A" });
    await registry.database.admin.query(
      "update custom_fields set default_id = 'nick' where enterprise_id = $1 and default_id = 'notes'",
      [client.enterpriseId],
    );
    await registry.database.admin.query(
      "update enterprises set definitions_revision = definitions_revision + 1 where id = $1",
      [client.enterpriseId],
    );
    for (const limit of ["1", "1000"]) {
      expect((await list(client, { sort: "nick", limit })).status).toBe(200);
    }
  });
});

describe("a projection", () => {
  test("shows what is named, in the order of a customer, and the id", async () => {
    const client = await registry.client();
    await add(client, { firstName: "A", city: "Köln", notes: "n" });
    const { body: whole } = await list(client);
    const [customer] = whole.data;
    const shown = async (fields: string) => (await list(client, { fields })).body.data[0];
    expect(await shown("")).toEqual(customer);
    expect(Object.keys(await shown("updatedAt,fullName"))).toEqual(["id", "fullName", "updatedAt"]);
    expect(await shown("id")).toEqual({ id: customer.id });
    const city = customer.fields.find((field: { defaultId: string }) => field.defaultId === "city");
    expect(await shown("city")).toEqual({ id: customer.id, fields: [city] });
    expect(await shown(city.id)).toEqual({ id: customer.id, fields: [city] });
    expect(await shown("fields,city")).toEqual({ id: customer.id, fields: customer.fields });
    expect(await shown("firstName")).toEqual({ id: customer.id, firstName: "A" });
    expect(await shown("mobilePhone")).toEqual({ id: customer.id, fields: [] });
  });
});

describe("a cursor", () => {
  test("is good for its own list alone", async () => {
    const [one, other] = [await registry.client(), await registry.client()];
    for (const client of [one, other]) {
      for (const firstName of ["A", "B", "C"]) await add(client, { firstName });
    }
    const { body } = await list(one, { limit: "1", booker_id: "", sort: "firstName" });
    const cursor = body.meta.nextCursor as string;
    expect((await list(one, { cursor, limit: "2", count: "none", fields: "id" })).body.data).toHaveLength(2);

    const tampered = `${cursor.slice(0, -2)}${cursor.endsWith("AA") ? "BB" : "AA"}`;
    const refused = async (client: Client, query: Written) => {
      const { status, body } = await list(client, query);
      expect(status).toBe(400);
      expect(body).toMatchObject({
        errorCode: "CURSOR_INVALID",
        details: { query: { cursor: expect.anything() } },
      });
    };
    await refused(other, { cursor });
    await refused(one, { cursor, sort: "lastName" });
    await refused(one, { cursor, sort_type: "desc" });
    await refused(one, { cursor, q: "a" });
    await refused(one, { cursor, "filter[city]": "a" });
    await refused(one, { cursor: tampered });
    for (const nonsense of ["", "x", "bnVsbA", `${cursor}AAAA`]) await refused(one, { cursor: nonsense });
  });
});
