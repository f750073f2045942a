import { describe, expect, test } from "vitest";
import { createCompany } from "../companies/provision.ts";
import { type Client, startApp } from "../testing/start-app.ts";

const app = startApp();
const customersPath = "/v1/enterprise-customers";
const path = "/v1/customer-events";
const missingId = "0123456789abcdef01234567";

const createCustomer = async (client: Client, externalId: string): Promise<string> =>
  (await client.post(customersPath, { external_id: externalId })).body.data.id;

const bookingsOf = async (client: Client, id: string): Promise<number> =>
  (await client.get(`${customersPath}/${id}`)).body.data.totalBookings;

const stored = async (client: Client) =>
  (
    await app.database.admin.query(
      `select external_id as "externalId", customer_id as "customerId", title from events
       where enterprise_id = $1 order by external_id`,
      [client.enterpriseId],
    )
  ).rows;

describe("a batch of events", () => {
  test("reports an outcome per row with every error and writes valid rows", async () => {
    const client = await app.client();
    const other = await app.client();
    const foreignId = await createCustomer(other, "K-F");
    const [ann, bob] = [await createCustomer(client, "K-1"), await createCustomer(client, "K-2")];
    const rows = [
      { customer_id: ann, external_id: "E-1", start_date: "2026-01-01", title: "one" },
      { customer_external_id: " K-2 ", external_id: "E-2", start_date: "2026-01-02" },
      { customer_id: foreignId, external_id: "E-3", start_date: "2026-02-30", company_id: missingId },
      { customer_id: missingId, start_date: "2026-01-01" },
      { customer_external_id: "K-F", start_date: "2026-01-01" },
      { start_date: "2026-01-01" },
      { customer_id: ann, customer_external_id: "K-1", start_date: "2026-01-01" },
      { customer_id: ann, start_date: 7, colour: "red" },
      "not a row",
      null,
      { customer_external_id: "K-1", external_id: "E-1", start_date: "2026-01-01" },
      { customer_id: bob, external_id: "E-1", start_date: "2026-01-01", title: "moved" },
    ];
    const { status, body } = await client.post(path, { events: rows });
    expect(status).toBe(200);
    const { results, ...counts } = body.data;
    expect(counts).toEqual({ created: 2, updated: 1, unchanged: 1, failed: 8 });
    const summaries = results.map((result: { outcome: string; errors: { path: string; code: string }[] }) => [
      result.outcome,
      ...result.errors.map(({ path, code }) => `${path} ${code}`),
    ]);
    expect(summaries).toEqual([
      ["created"],
      ["created"],
      ["failed", "start_date REQUEST_INVALID", "customer_id CUSTOMER_UNKNOWN", "company_id COMPANY_UNKNOWN"],
      ["failed", "customer_id CUSTOMER_UNKNOWN"],
      ["failed", "customer_external_id CUSTOMER_UNKNOWN"],
      ["failed", "customer_id REQUEST_INVALID"],
      ["failed", "customer_external_id REQUEST_INVALID"],
      ["failed", "colour ATTRIBUTE_UNKNOWN", "start_date REQUEST_INVALID"],
      ["failed", " REQUEST_INVALID"],
      ["failed", " REQUEST_INVALID"],
      ["unchanged"],
      ["updated"],
    ]);
    expect(results.map((result: { index: number }) => result.index)).toEqual(rows.map((_, index) => index));
    expect(results[3]).toEqual({
      ...results[3],
      id: null,
      errors: [
        {
          path: "customer_id",
          code: "CUSTOMER_UNKNOWN",
          key: "CUSTOMER_UNKNOWN",
          params: {},
          message: "there is no such customer",
        },
      ],
    });
    expect(results[11].id).toBe(results[0].id);
    expect(await stored(client)).toEqual([
      { externalId: "E-1", customerId: bob, title: "moved" },
      { externalId: "E-2", customerId: bob, title: "" },
    ]);
    expect(await bookingsOf(client, ann)).toBe(0);
    expect(await bookingsOf(client, bob)).toBe(2);
    expect(await bookingsOf(other, foreignId)).toBe(0);
  });

  test("repeating the batch changes nothing and journals nothing", async () => {
    const client = await app.client();
    const companyId = await createCompany(
      app.database.operator,
      client.enterpriseId,
      { name: "B" },
      new Date(),
    );
    const id = await createCustomer(client, "K-1");
    const events = Array.from({ length: 200 }, (_, index) => ({
      customer_id: id,
      external_id: `E-${index}`,
      type: index % 2 === 0 ? "booking" : "visit",
      start_date: `2026-01-01T10:00:00+0${index % 10}:00`,
      duration: index,
      company_id: companyId,
      metadata: { index, tags: ["a", { b: index / 3 }] },
    }));
    const trace = async () => {
      const { rows } = await app.database.admin.query(
        "select count(*)::int as changes from changes where enterprise_id = $1",
        [client.enterpriseId],
      );
      const { headers, text } = await client.get(`${customersPath}/${id}`);
      const listed = await client.get(`${customersPath}/${id}/events`);
      return { changes: rows[0].changes, etag: headers["etag"], text, events: listed.text };
    };
    expect((await client.post(path, { events })).body.data).toMatchObject({ created: 200 });
    const before = await trace();
    const again = await client.post(path, { events });
    expect(again.body.data).toMatchObject({ created: 0, updated: 0, unchanged: 200, failed: 0 });
    expect(await trace()).toEqual(before);
    expect(await bookingsOf(client, id)).toBe(100);
  });

  test("accepts at most 10,000 events", async () => {
    const client = await app.client();
    const id = await createCustomer(client, "K-1");
    const row = { customer_id: id, start_date: "2026-01-01" };
    const most = await client.post(path, { events: Array.from({ length: 10_000 }, () => row) });
    expect(most.body.data).toMatchObject({ created: 10_000, failed: 0 });
    expect(await bookingsOf(client, id)).toBe(10_000);
    const more = await client.post(path, { events: Array.from({ length: 10_001 }, () => row) });
    expect(more.status).toBe(400);
    expect(more.body.details).toEqual({ body: { events: "must have at most 10000 entries" } });
  });

  test("journals the row of each event", async () => {
    const client = await app.client();
    const id = await createCustomer(client, "K-1");
    const { body } = await client.post(path, {
      events: [null, { customer_id: id, start_date: "2026-01-01", title: "Tour" }],
    });
    const { rows } = await app.database.admin.query(
      "select kind, reason, import_line, after from changes where subject_id = $1",
      [body.data.results[1].id],
    );
    expect(rows).toEqual([
      {
        kind: "created",
        reason: "import",
        import_line: 1,
        after: {
          externalId: null,
          customerId: id,
          companyId: null,
          type: "booking",
          title: "Tour",
          notes: "",
          status: "",
          startDate: "2026-01-01T00:00:00Z",
          endDate: "2026-01-01T00:00:00Z",
          metadata: {},
        },
      },
    ]);
  });
});

describe("concurrent writers", () => {
  test("of the same external ids in different orders end with the events of one writer", async () => {
    const client = await app.client();
    const writers = 6;
    const customers: string[] = [];
    for (let writer = 0; writer < writers; writer++) {
      customers.push(await createCustomer(client, `K-${writer}`));
    }
    const externalIds = Array.from({ length: 60 }, (_, index) => `E-${String(index).padStart(2, "0")}`);
    for (let round = 0; round < 4; round++) {
      const orders = [...externalIds.keys()].map((index) => (index * 7 + round * 11) % externalIds.length);
      const answers = await Promise.all(
        customers.map((customer_id, writer) => {
          const order = writer % 2 === 0 ? orders : orders.toReversed();
          const events = order.map((index) => ({
            customer_id,
            external_id: externalIds[index],
            start_date: "2026-01-01",
            title: `round ${round}, writer ${writer}`,
          }));
          return client.post(path, { events });
        }),
      );
      for (const { status, body } of answers) {
        expect(status).toBe(200);
        expect(body.data.failed).toBe(0);
      }
      const events = await stored(client);
      expect(events.map(({ externalId }) => externalId)).toEqual(externalIds);
      // Each request is one transaction, so the last one has written all of them.
      expect(new Set(events.map(({ title }) => title)).size).toBe(1);
      const last = customers.indexOf(events[0].customerId);
      expect(events[0].title).toBe(`round ${round}, writer ${last}`);
      const counts = await Promise.all(customers.map((id) => bookingsOf(client, id)));
      expect(counts).toEqual(customers.map((_, writer) => (writer === last ? externalIds.length : 0)));
    }
  });

  test("deleting a customer while its bookings arrive leaves no booking assigned to it", async () => {
    const client = await app.client();
    for (let round = 0; round < 5; round++) {
      const id = await createCustomer(client, "K-1");
      const [deleted, ...sent] = await Promise.all([
        client.delete(`${customersPath}/${id}`),
        ...Array.from({ length: 5 }, () =>
          client.post(`${customersPath}/${id}/events`, { start_date: "2026-01-01" }),
        ),
      ]);
      expect(deleted.status).toBe(200);
      for (const { status } of sent) expect([201, 404]).toContain(status);
    }
    expect((await stored(client)).filter(({ customerId }) => customerId !== null)).toEqual([]);
  });
});
