import { setTimeout as wait } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { createCompany } from "../companies/provision.ts";
import { type Client, startApp } from "../testing/start-app.ts";
import { changesAreVisible } from "../testing/visible-changes.ts";

const app = startApp();
const customersPath = "/v1/enterprise-customers";
const missingId = "0123456789abcdef01234567";

const createCustomer = async (client: Client, body: object = {}): Promise<string> =>
  (await client.post(customersPath, body)).body.data.id;

const eventsPath = (customerId: string) => `${customersPath}/${customerId}/events`;

const bookingsOf = async (client: Client, id: string): Promise<number> =>
  (await client.get(`${customersPath}/${id}`)).body.data.totalBookings;

const changesOf = async (id: string) =>
  (
    await app.database.admin.query(
      "select kind, reason, before, after from changes where subject = 'event' and subject_id = $1 order by number",
      [id],
    )
  ).rows;

describe("events", () => {
  let client: Client;
  let companyId: string;
  let customerId: string;
  beforeAll(async () => {
    client = await app.client();
    companyId = await createCompany(
      app.database.operator,
      client.enterpriseId,
      { name: "Berlin" },
      new Date(),
    );
    customerId = await createCustomer(client, {
      external_id: "K-1",
      customfields: [
        { id: "firstName", value: "Jürgen" },
        { id: "lastName", value: "Müller" },
      ],
    });
  });

  test("returns the created event with derived attributes", async () => {
    const written = {
      external_id: "E-1",
      title: " Cut ",
      notes: "short",
      start_date: "2026-03-01T23:30:00+02:00",
      duration: 45,
      status: "confirmed",
      metadata: { room: 3, nested: { list: [1, null] } },
    };
    const { status, body } = await client.post(`${eventsPath("K-1")}?external=1`, written, {
      headers: { "company-id": companyId },
    });
    expect(status).toBe(201);
    expect(body.data).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      externalId: "E-1",
      type: "booking",
      title: "Cut",
      notes: "short",
      date: "2026-03-01",
      startDate: "2026-03-01T21:30:00Z",
      endDate: "2026-03-01T22:15:00Z",
      duration: 45,
      companyId,
      companyName: "Berlin",
      status: "confirmed",
      metadata: { room: 3, nested: { list: [1, null] } },
      customers: [{ id: customerId, externalId: "K-1", fullName: "Jürgen Müller" }],
      createdAt: body.data.createdAt,
      updatedAt: body.data.createdAt,
      enterpriseId: client.enterpriseId,
    });
    const listed = await client.get(eventsPath("K-1"), { query: { external: "1" } });
    expect(listed.body.data).toEqual([body.data]);
  });

  test("defaults to a booking without duration and company", async () => {
    const { body } = await client.post(eventsPath(customerId), { start_date: "2026-03-02" });
    expect(body.data).toMatchObject({
      externalId: "",
      type: "booking",
      title: "",
      startDate: "2026-03-02T00:00:00Z",
      endDate: "2026-03-02T00:00:00Z",
      duration: 0,
      companyId: "",
      companyName: "",
      metadata: {},
    });
  });

  test.each([
    [{}, { start_date: "is required" }],
    [{ start_date: "2026-02-30" }, { start_date: "is not a valid date or date-time" }],
    [{ start_date: "2026-01-02", end_date: "2026-01-01" }, { end_date: "must not be before start_date" }],
    [
      { start_date: "2026-01-01T10:00:00Z", end_date: "2026-01-01T11:00:00Z", duration: 30 },
      { duration: "does not match end_date, which is 60 minutes after start_date" },
    ],
    [{ start_date: "9999-12-31", duration: 1440 }, { duration: "ends after the year 9999" }],
    [{ start_date: "2026-01-01", duration: -1 }, { duration: "must be 0 or more" }],
    [{ start_date: "2026-01-01", type: " " }, { type: "must not be empty" }],
    [{ start_date: "2026-01-01", company_id: missingId }, { company_id: "there is no such branch" }],
    [
      { start_date: "2026-01-01", metadata: { text: "ä".repeat(8_200) } },
      { metadata: "must have at most 16384 bytes as JSON" },
    ],
    [
      { start_date: "2026-02-30", external_id: "a\tb", company_id: missingId, title: "fine" },
      {
        start_date: "is not a valid date or date-time",
        external_id: "must not contain control characters",
        company_id: "there is no such branch",
      },
    ],
    [{ start_date: "2026-01-01", colour: "red" }, { colour: "is not a known attribute" }],
  ])("%j is refused with all its errors", async (written, details) => {
    const answer = await client.post(eventsPath(customerId), written);
    expect(answer.status).toBe(400);
    expect(answer.body.details).toEqual({ body: details });
  });

  test("returns the same 404 for a missing customer and for one of another enterprise", async () => {
    const foreign = await createCustomer(await app.client(), { external_id: "F-1" });
    for (const ask of [
      (id: string) => client.get(eventsPath(id)),
      (id: string) => client.post(eventsPath(id), { start_date: "2026-01-01" }),
    ]) {
      const [one, other, byName] = [await ask(foreign), await ask(missingId), await ask("F-1")];
      expect(one.status).toBe(404);
      expect(one.body.errorCode).toBe("CUSTOMER_NOT_FOUND");
      expect(one.text).toBe(other.text);
      expect(byName.text).toBe(other.text);
    }
  });

  test("rejects a company of another enterprise like a missing one", async () => {
    const other = await app.client();
    const foreign = await createCompany(app.database.operator, other.enterpriseId, { name: "X" }, new Date());
    const send = (company_id: string) =>
      client.post(eventsPath(customerId), { start_date: "2026-01-01", company_id });
    expect((await send(foreign)).text).toBe((await send(missingId)).text);
  });
});

describe("an event with a known external id", () => {
  test("is updated: absent attributes stay, null clears, and a moved event keeps its duration", async () => {
    const client = await app.client();
    const customerId = await createCustomer(client);
    const first = await client.post(eventsPath(customerId), {
      external_id: "E-1",
      type: "visit",
      title: "Tour",
      notes: "bring shoes",
      start_date: "2026-01-01T10:00:00Z",
      end_date: "2026-01-01T11:30:00Z",
      metadata: { a: 1 },
    });
    const second = await client.post(eventsPath(customerId), {
      external_id: "E-1",
      notes: null,
      start_date: "2026-01-02T10:00:00Z",
    });
    expect(second.status).toBe(201);
    expect(second.body.data).toEqual({
      ...first.body.data,
      notes: "",
      date: "2026-01-02",
      startDate: "2026-01-02T10:00:00Z",
      endDate: "2026-01-02T11:30:00Z",
      updatedAt: second.body.data.updatedAt,
    });
    expect((await client.get(eventsPath(customerId))).body.total).toBe(1);
    expect((await changesOf(first.body.data.id)).at(-1)).toEqual({
      kind: "updated",
      reason: "request",
      before: { notes: "bring shoes", startDate: "2026-01-01T10:00:00Z", endDate: "2026-01-01T11:30:00Z" },
      after: { notes: "", startDate: "2026-01-02T10:00:00Z", endDate: "2026-01-02T11:30:00Z" },
    });
  });

  test("repeating the request changes nothing", async () => {
    const client = await app.client();
    const customerId = await createCustomer(client);
    const written = {
      external_id: "E-1",
      start_date: "2026-01-01",
      duration: 30,
      metadata: { b: -0, a: [1e3] },
    };
    const first = await client.post(eventsPath(customerId), written);
    const customer = await client.get(`${customersPath}/${customerId}`);
    const again = await client.post(eventsPath(customerId), written);
    expect(again.text).toBe(first.text);
    expect(await changesOf(first.body.data.id)).toHaveLength(1);
    expect((await client.get(`${customersPath}/${customerId}`)).headers["etag"]).toBe(
      customer.headers["etag"],
    );
  });

  test("can only be changed by an app that may act for its company", async () => {
    const client = await app.client();
    const { enterpriseId } = client;
    const customerId = await createCustomer(client);
    const { operator } = app.database;
    const own = await createCompany(operator, enterpriseId, { name: "Own" }, new Date());
    const other = await createCompany(operator, enterpriseId, { name: "Other" }, new Date());
    const limited = await app.client({ enterpriseId, companyIds: [own] });
    const event = { external_id: "E-1", start_date: "2026-01-01" };
    await client.post(eventsPath(customerId), { ...event, company_id: other });
    const taken = await limited.post(eventsPath(customerId), { ...event, company_id: own });
    expect(taken.status).toBe(409);
    expect(taken.body.errorCode).toBe("EXTERNAL_ID_TAKEN");
    const sneaked = await limited.post(eventsPath(customerId), {
      start_date: "2026-01-01",
      company_id: other,
    });
    expect(sneaked.body.details.body).toEqual({ company_id: "there is no such branch" });
  });
});

describe("listing events", () => {
  test("orders newest first, filters and pages", async () => {
    const client = await app.client();
    const companyId = await createCompany(
      app.database.operator,
      client.enterpriseId,
      { name: "B" },
      new Date(),
    );
    const customerId = await createCustomer(client);
    const rows = [
      { title: "a", start_date: "2026-01-01T10:00:00Z" },
      { title: "b", start_date: "2026-01-02T00:00:00Z", type: "visit", company_id: companyId },
      { title: "c", start_date: "2026-01-02T23:59:59Z", type: "call" },
      { title: "d", start_date: "2026-01-03T00:00:00Z" },
    ];
    for (const row of rows) await client.post(eventsPath(customerId), row);
    await client.post(eventsPath(await createCustomer(client)), {
      start_date: "2026-01-02",
      title: "not mine",
    });

    const titles = async (query: Record<string, string>) => {
      const { status, body } = await client.get(eventsPath(customerId), { query });
      expect(status).toBe(200);
      expect(body.total).toBe(body.meta.totalItems);
      return [body.data.map((event: { title: string }) => event.title).join(""), body.total];
    };
    expect(await titles({})).toEqual(["dcba", 4]);
    expect(await titles({ page: "2", limit: "3" })).toEqual(["a", 4]);
    expect(await titles({ page: "99" })).toEqual(["", 4]);
    expect(await titles({ type: "visit,call" })).toEqual(["cb", 2]);
    expect(await titles({ company_id: companyId })).toEqual(["b", 1]);
    expect(await titles({ company_id: missingId })).toEqual(["", 0]);
    expect(await titles({ type: "", company_id: "" })).toEqual(["dcba", 4]);
    expect(await titles({ from_date: "2026-01-02" })).toEqual(["dcb", 3]);
    expect(await titles({ to_date: "2026-01-02" })).toEqual(["cba", 3]);
    expect(await titles({ from_date: "2026-01-02", to_date: "2026-01-02" })).toEqual(["cb", 2]);
    expect(await titles({ to_date: "2026-01-02T00:00:00Z" })).toEqual(["ba", 2]);
    expect(await titles({ to_date: "9999-12-31" })).toEqual(["dcba", 4]);
    const refused = await client.get(eventsPath(customerId), {
      query: { from_date: "2026-02-30", to_date: "2026-13-01" },
    });
    expect(refused.status).toBe(400);
    expect(Object.keys(refused.body.details.query)).toEqual(["from_date", "to_date"]);
  });
});

describe("totalBookings", () => {
  test("counts events of type booking through every change", async () => {
    const client = await app.client();
    const [ann, bob] = [await createCustomer(client), await createCustomer(client)];
    const send = (customerId: string, event: object) =>
      client.post(eventsPath(customerId), { external_id: "E-1", start_date: "2026-01-01", ...event });
    const counts = async () => [await bookingsOf(client, ann), await bookingsOf(client, bob)];

    await send(ann, { type: "visit" });
    expect(await counts()).toEqual([0, 0]);
    await send(ann, { type: "booking" });
    expect(await counts()).toEqual([1, 0]);
    await send(bob, {});
    expect(await counts()).toEqual([0, 1]);
    await client.post(eventsPath(bob), { start_date: "2026-01-05" });
    expect(await counts()).toEqual([0, 2]);
    await send(ann, { type: "visit" });
    expect(await counts()).toEqual([0, 1]);
  });

  test("changes updatedAt, ts and the ETag, but not the history", async () => {
    const client = await app.client();
    const id = await createCustomer(client, { external_id: "K-1" });
    const before = await client.get(`${customersPath}/${id}`);
    await wait(1_100);
    await client.post(eventsPath(id), { start_date: "2026-01-01" });
    const after = await client.get(`${customersPath}/${id}`, {
      headers: { "if-none-match": String(before.headers["etag"]) },
    });
    expect(after.status).toBe(200);
    const { updatedAt, ts } = after.body.data;
    expect(after.body.data).toEqual({ ...before.body.data, totalBookings: 1, updatedAt, ts });
    expect(ts).toBeGreaterThan(before.body.data.ts);
    expect(Date.parse(updatedAt)).toBe(ts * 1_000);
    const stale = await client.patch(
      `${customersPath}/${id}`,
      { external_id: "K-2" },
      { headers: { "if-match": String(before.headers["etag"]) } },
    );
    expect(stale.status).toBe(412);
    const { rows } = await app.database.admin.query(
      "select kind from changes where subject = 'customer' and subject_id = $1",
      [id],
    );
    expect(rows).toEqual([{ kind: "created" }]);
  });

  test("brings a customer into a list of those updated since, and to its end when sorted by update", async () => {
    const client = await app.client();
    const ids = [await createCustomer(client), await createCustomer(client), await createCustomer(client)];
    await wait(1_100);
    await changesAreVisible(app.database);
    const since = new Date().toISOString();
    const listed = async (query: Record<string, string>) =>
      (await client.get(customersPath, { query })).body.data.map((customer: { id: string }) => customer.id);
    expect(await listed({ updated_since: since })).toEqual([]);
    await client.post(eventsPath(ids[1]!), { start_date: "2026-01-01" });
    expect(await listed({ updated_since: since.slice(0, 19) })).toEqual([ids[1]]);
    expect((await listed({ sort: "updatedAt" })).at(-1)).toBe(ids[1]);
    expect((await listed({ sort: "totalBookings" })).at(-1)).toBe(ids[1]);
    expect(await listed({ has_bookings: "1" })).toEqual([ids[1]]);
    expect((await listed({ has_bookings: "0" })).toSorted()).toEqual([ids[0], ids[2]].toSorted());
  });
});

describe("events of a deleted customer", () => {
  test("stay without the customer and can be assigned to another", async () => {
    const client = await app.client();
    const [ann, bob] = [await createCustomer(client), await createCustomer(client)];
    const event = { external_id: "E-1", start_date: "2026-01-01" };
    const { body } = await client.post(eventsPath(ann), event);
    expect((await client.delete(`${customersPath}/${ann}`)).status).toBe(200);
    const { rows } = await app.database.admin.query(
      "select customer_id, type from events where enterprise_id = $1",
      [client.enterpriseId],
    );
    expect(rows).toEqual([{ customer_id: null, type: "booking" }]);
    expect((await changesOf(body.data.id)).at(-1)).toEqual({
      kind: "updated",
      reason: "customer_deleted",
      before: { customerId: ann },
      after: { customerId: null },
    });
    const again = await client.post(eventsPath(bob), event);
    expect(again.body.data).toMatchObject({ id: body.data.id, customers: [{ id: bob }] });
    expect(await bookingsOf(client, bob)).toBe(1);
  });
});
