import { describe, expect, test } from "vitest";
import { createCompany } from "../companies/provision.ts";
import { type Client, startApp } from "../testing/start-app.ts";

let now = new Date("2026-01-01T10:00:00Z");
const app = startApp({ clock: () => now });
const customers = "/v1/enterprise-customers";

const at = (time: string) => {
  now = new Date(`2026-01-01T${time}Z`);
};

type Entry = { kind?: string; title?: string; change?: { version: number } };

/** Each entry in a word: an event by its title, a change by its version. */
const timeline = async (client: Client, id: string, query: Record<string, string> = {}) => {
  const { status, body } = await client.get(`${customers}/${id}/events`, {
    query: { include: "changes", ...query },
  });
  expect(status, JSON.stringify(body)).toBe(200);
  const labelOf = ({ kind, title, change }: Entry) =>
    kind === "event" ? title : kind && `v${change?.version}`;
  return [body.data.map(labelOf).join(" "), body.total];
};

describe("a timeline", () => {
  test("lists events and changes together, newest first, in pages with a common total", async () => {
    at("10:00:00");
    const client = await app.client();
    const companyId = await createCompany(app.database.operator, client.enterpriseId, { name: "B" }, now);
    const { id } = (await client.post(customers, {})).body.data;
    const book = (title: string, start: string, more = {}) =>
      client.post(`${customers}/${id}/events`, { title, start_date: start, ...more });
    await book("past", "2025-12-01");
    await book("between", "2026-01-01T10:00:30Z", { type: "visit", company_id: companyId });
    await book("future", "2026-02-01");
    for (let minute = 1; minute <= 9; minute++) {
      at(`10:0${minute}:00`);
      await client.patch(
        `${customers}/${id}`,
        { booker_id: `B-${minute}` },
        minute === 9 ? { headers: { "company-id": companyId } } : {},
      );
    }
    const all = "future v12 v11 v10 v9 v8 v7 v6 v5 v4 between v1 past";
    expect(await timeline(client, id)).toEqual([all, 13]);
    const pages = [];
    for (const page of ["1", "2", "3", "4"]) pages.push(await timeline(client, id, { limit: "5", page }));
    expect(pages.map(([entries]) => entries).join(" ")).toBe(`${all} `);
    expect(new Set(pages.map(([, total]) => total))).toEqual(new Set([13]));

    expect(await timeline(client, id, { to_date: "2026-01-01T10:01:00Z" })).toEqual([
      "v4 between v1 past",
      4,
    ]);
    expect(await timeline(client, id, { from_date: "2026-01-01", to_date: "2026-01-01" })).toEqual([
      "v12 v11 v10 v9 v8 v7 v6 v5 v4 between v1",
      11,
    ]);
    expect(await timeline(client, id, { company_id: companyId })).toEqual(["v12 between", 2]);
    expect(await timeline(client, id, { type: "visit", to_date: "2026-01-01T10:00:59Z" })).toEqual([
      "between v1",
      2,
    ]);
  });

  test("returns entries as the list of events and the history do", async () => {
    at("11:00:00");
    const client = await app.client();
    const { id } = (await client.post(customers, { external_id: "K-1" })).body.data;
    const event = (await client.post(`${customers}/${id}/events`, { start_date: "2026-03-01" })).body.data;
    const [change] = (await client.get(`${customers}/${id}/history`)).body.data;
    const query = { include: "changes", external: "1" };
    const { body } = await client.get(`${customers}/K-1/events`, { query });
    expect(body.data).toEqual([
      { kind: "event", ...event },
      { kind: "change", change },
    ]);
  });

  test("is opt-in: without it the list contains only events, without kind", async () => {
    at("12:00:00");
    const client = await app.client();
    const { id } = (await client.post(customers, {})).body.data;
    const { body } = await client.post(`${customers}/${id}/events`, { start_date: "2026-03-01" });
    expect((await client.get(`${customers}/${id}/events`)).body.data).toEqual([body.data]);
    const refused = await client.get(`${customers}/${id}/events`, { query: { include: "all" } });
    expect(refused.status).toBe(400);
    const unknown = await client.get(`${customers}/0123456789abcdef01234567/events`, {
      query: { include: "changes" },
    });
    expect(unknown.body.errorCode).toBe("CUSTOMER_NOT_FOUND");
  });
});

describe("firstBookingAt and lastBookingAt", () => {
  const fields = "firstBookingAt,lastBookingAt";
  const listed = async (client: Client, query: Record<string, string>) => {
    const { status, body } = await client.get(customers, { query: { fields, ...query } });
    expect(status, JSON.stringify(body)).toBe(200);
    return body;
  };

  test("are returned when requested, follow every change, and become null without bookings", async () => {
    at("13:00:00");
    const client = await app.client();
    const { id } = (await client.post(customers, {})).body.data;
    const none = { id, firstBookingAt: null, lastBookingAt: null };
    const book = (external_id: string, start_date: string, more = {}) =>
      client.post(`${customers}/${id}/events`, { external_id, start_date, ...more });
    const one = async () => (await listed(client, { ids: id })).data[0];

    await book("E-0", "2020-01-01", { type: "visit" });
    expect(await one()).toEqual(none);
    await book("E-1", "2026-02-01T09:30:00Z");
    await book("E-2", "2026-01-01");
    expect(await one()).toEqual({
      id,
      firstBookingAt: "2026-01-01T00:00:00Z",
      lastBookingAt: "2026-02-01T09:30:00Z",
    });
    await book("E-2", "2026-03-01");
    expect(await one()).toMatchObject({
      firstBookingAt: "2026-02-01T09:30:00Z",
      lastBookingAt: "2026-03-01T00:00:00Z",
    });
    await client.delete(`${customers}/${id}`);
    await client.post(`${customers}/${id}/restore`, {});
    expect(await one()).toMatchObject({
      firstBookingAt: "2026-02-01T09:30:00Z",
      lastBookingAt: "2026-03-01T00:00:00Z",
    });
  });

  test("come in every kind of list that requests them, and in no other", async () => {
    at("14:00:00");
    const client = await app.client();
    const ids = [];
    for (const day of ["1", "2", "3"]) {
      const customfields = [{ id: "firstName", value: `Ann ${day}` }];
      const { id } = (await client.post(customers, { external_id: `K-${day}`, customfields })).body.data;
      await client.post(`${customers}/${id}/events`, { start_date: `2026-01-0${day}` });
      ids.push(id);
    }
    for (const query of [
      {},
      { q: "ann" },
      { sort: "externalId" },
      { limit: "1000" },
      { sort: "city", q: "ann" },
    ]) {
      const { data, total } = await listed(client, query as Record<string, string>);
      expect([
        data.map((customer: { lastBookingAt: string }) => customer.lastBookingAt).sort(),
        total,
      ]).toEqual([["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"], 3]);
    }
    const first = await listed(client, {
      fields: "lastBookingAt,externalId",
      limit: "1",
      sort: "externalId",
    });
    expect(first.data).toEqual([{ id: ids[0], externalId: "K-1", lastBookingAt: "2026-01-01T00:00:00Z" }]);
    const cursor = { cursor: first.meta.nextCursor, sort: "externalId", limit: "1" };
    expect((await listed(client, cursor)).data[0].id).toBe(ids[1]);
    expect((await client.get(customers)).body.data[0]).not.toHaveProperty("firstBookingAt");
  });
});
