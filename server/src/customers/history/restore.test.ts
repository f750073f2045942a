import { beforeEach, describe, expect, test } from "vitest";
import { journalOf } from "../../testing/journal.ts";
import { type Client, startApp } from "../../testing/start-app.ts";

let now = new Date("2026-01-01T10:00:00Z");
const app = startApp({ clock: () => now });
const path = "/v1/enterprise-customers";
const missingId = "0123456789abcdef01234567";

let client: Client;
beforeEach(async () => {
  client = await app.client();
});

const fields = (written: Record<string, string | null>) =>
  Object.entries(written).map(([id, value]) => ({ id, value }));
const aMinuteLater = () => {
  now = new Date(now.getTime() + 60_000);
};
const time = () => now.toISOString().replace(".000", "");

const create = async (body: object): Promise<string> => {
  aMinuteLater();
  const answer = await client.post(path, body);
  expect(answer.status, answer.text).toBe(201);
  return answer.body.data.id;
};
const patch = async (id: string, body: object) => {
  aMinuteLater();
  expect((await client.patch(`${path}/${id}`, body)).status).toBe(200);
};
const remove = async (id: string) => {
  aMinuteLater();
  expect((await client.delete(`${path}/${id}`)).status).toBe(200);
};
const restore = (id: string, body: object = {}, headers: Record<string, string> = {}) => {
  aMinuteLater();
  return client.post(`${path}/${id}/restore`, body, { headers });
};
const makeField = async (body: object): Promise<string> =>
  (await client.post(`${path}/customfields`, body)).body.data.id;

describe("restoring a version", () => {
  test("restores by version number as an ordinary change", async () => {
    const tagId = (await client.post("/v1/customer-tags", { name: "VIP" })).body.data.id;
    const id = await create({
      external_id: "K-1",
      tag_ids: [tagId],
      customfields: fields({ firstName: "Ann" }),
    });
    const before = await client.get(`${path}/${id}`);
    await patch(id, {
      external_id: "K-2",
      tag_ids: [],
      booker_id: "B",
      customfields: fields({ firstName: "Bo", city: "Rome" }),
    });

    const { status, body, headers } = await restore(id, { version: 1 });
    expect(status).toBe(200);
    expect(body.data).toEqual({ ...before.body.data, updatedAt: time(), ts: now.getTime() / 1000 });
    expect(headers["etag"]).toMatch(/^"3\./);
    expect((await journalOf(app, id)).at(-1)).toMatchObject({
      kind: "updated",
      reason: "restore",
      version: 3,
      before: { externalId: "K-2", tagIds: [], bookerId: "B" },
      after: { externalId: "K-1", tagIds: [tagId], bookerId: null },
    });
  });

  test("restores by time; a date means the end of that day", async () => {
    now = new Date("2026-03-01T23:30:00Z");
    client = await app.client();
    const id = await create({ booker_id: "first" });
    const first = time();
    await patch(id, { booker_id: "second" });
    now = new Date("2026-03-02T00:30:00Z");
    await patch(id, { booker_id: "third" });
    const booker = async (body: object) => {
      expect((await restore(id, body)).status).toBe(200);
      return (await journalOf(app, id)).at(-1).after.bookerId;
    };
    expect(await booker({ as_of: first })).toBe("first");
    expect(await booker({ as_of: "2026-03-01" })).toBe("second");
    expect(await booker({ as_of: "2026-03-01T23:31:59Z" })).toBe("first");
  });

  test("changes nothing when the customer already matches", async () => {
    const id = await create({ external_id: "K-1" });
    const before = await client.get(`${path}/${id}`);
    for (const body of [{}, { version: 1 }, { as_of: time() }]) {
      const { status, text, headers } = await restore(id, body);
      expect([status, text, headers["etag"]]).toEqual([200, before.text, before.headers["etag"]]);
    }
    expect(await journalOf(app, id)).toHaveLength(1);
  });

  test("rejects a version that never existed, with the reason", async () => {
    const id = await create({});
    const born = time();
    await remove(id);
    const died = time();
    await restore(id);
    for (const [body, message] of [
      [{ version: 9 }, { version: "there is no such version" }],
      [{ version: 2 }, { version: "was deleted at that time" }],
      [{ as_of: died }, { as_of: "was deleted at that time" }],
      [{ as_of: "2020-01-01" }, { as_of: "did not exist yet" }],
    ] as const) {
      const refused = await restore(id, body);
      expect(refused).toMatchObject({
        status: 400,
        body: { errorCode: "VERSION_UNKNOWN", details: { body: message } },
      });
    }
    expect((await restore(id, { version: 1, as_of: born })).body.details.body).toEqual({
      as_of: "must not be combined with version",
    });
    expect((await restore(id, { as_of: "2026-02-30" })).body.details.body).toEqual({
      as_of: "is not a valid date or date-time",
    });
  });

  test("a version made by bookings restores the edit before it", async () => {
    const id = await create({ booker_id: "first" });
    await client.post(`${path}/${id}/events`, { start_date: "2026-01-01" });
    await patch(id, { booker_id: "second" });
    expect((await client.get(`${path}/${id}`)).headers["etag"]).toMatch(/^"3\./);
    expect((await restore(id, { version: 2 })).body.data.totalBookings).toBe(1);
    expect((await journalOf(app, id)).at(-1).after).toEqual({ bookerId: "first" });
  });

  test("omits deleted fields, tags and options and converts values of retyped fields", async () => {
    const [deletedField, retyped, select, several] = [
      await makeField({ label: "Gone", type: "TEXT" }),
      await makeField({ label: "Phone", type: "PHONE" }),
      await makeField({ label: "One", type: "SELECT", select_options: ["old", "new"] }),
      await makeField({ label: "Several", type: "MULTI_SELECT", select_options: ["old", "new"] }),
    ];
    const tagId = (await client.post("/v1/customer-tags", { name: "Gone" })).body.data.id;
    const id = await create({
      tag_ids: [tagId],
      customfields: [
        ...fields({ [deletedField]: "x", [retyped]: "+4930123456", [select]: "old" }),
        { id: several, values: ["old", "new"] },
      ],
    });
    await patch(id, {
      customfields: fields({ [select]: "new", [several]: null, [retyped]: null, [deletedField]: null }),
      tag_ids: [],
    });
    await client.delete(`${path}/customfields/${deletedField}`);
    await client.delete(`/v1/customer-tags/${tagId}`);
    await client.patch(`${path}/customfields/${retyped}`, { type: "TEXT" });
    await client.patch(`${path}/customfields/${select}`, { select_options: ["new"] });
    await client.patch(`${path}/customfields/${several}`, { select_options: ["new"] });

    const { body } = await restore(id, { version: 1 });
    expect(body.data.tags).toEqual([]);
    expect(body.data.fields).toMatchObject([
      { id: retyped, value: "+4930123456" },
      { id: several, values: ["new"] },
    ]);
  });

  test("uses the current names of renamed options", async () => {
    const options = ["gold", "silver"];
    const field = await client.post(`${path}/customfields`, {
      label: "Card",
      type: "SELECT",
      select_options: options,
    });
    const { id: fieldId, selectOptions } = field.body.data;
    const id = await create({ customfields: fields({ [fieldId]: "gold" }) });
    await patch(id, { customfields: fields({ [fieldId]: null }) });
    const renamed = [{ id: selectOptions[0].id, value: "Gold" }, "silver"];
    await client.patch(`${path}/customfields/${fieldId}`, { select_options: renamed });
    expect((await restore(id, { version: 1 })).body.data.fields).toMatchObject([
      { id: fieldId, value: "Gold" },
    ]);
  });

  test("honours If-Match", async () => {
    const id = await create({ booker_id: "a" });
    const stale = String((await client.get(`${path}/${id}`)).headers["etag"]);
    await patch(id, { booker_id: "b" });
    expect((await restore(id, { version: 1 }, { "if-match": stale })).status).toBe(412);
    const etag = String((await client.get(`${path}/${id}`)).headers["etag"]);
    expect((await restore(id, { version: 1 }, { "if-match": etag })).status).toBe(200);
  });

  test("accepts an external id and rejects unknown customers", async () => {
    const id = await create({ external_id: "K-1" });
    const answer = await client.post(`${path}/K-1/restore`, {}, { query: { external: "1" } });
    expect(answer.body.data.id).toBe(id);
    const foreign = (await (await app.client()).post(path, {})).body.data.id;
    const missing = await restore(missingId);
    expect(missing).toMatchObject({ status: 404, body: { errorCode: "CUSTOMER_NOT_FOUND" } });
    expect((await restore(foreign)).text).toBe(missing.text);
  });
});

describe("a restore is rejected", () => {
  test("when another customer holds a restored key, and names that customer", async () => {
    const email = await client.patch(`${path}/customfields/email`, { is_unique: true });
    const id = await create({
      external_id: "K-1",
      import_customer_id: "I-1",
      customfields: fields({ email: "a@x.example" }),
    });
    await remove(id);
    const other = await create({
      external_id: "K-1",
      import_customer_id: "I-1",
      customfields: fields({ email: "a@x.example" }),
    });
    const refused = await restore(id);
    expect(refused.status).toBe(409);
    expect(refused.body.details.body).toEqual({
      external_id: `is taken by customer ${other}`,
      import_customer_id: `is taken by customer ${other}`,
      [`fields.${email.body.data.id}`]: `is taken by customer ${other}: E-mail is unique`,
    });
    expect((await client.get(`${path}/${id}`)).status).toBe(404);

    await patch(other, { customfields: fields({ email: "b@x.example" }) });
    expect((await restore(id, { import_customer_id: null })).body.errorCode).toBe("EXTERNAL_ID_TAKEN");
    expect((await restore(id, { external_id: "import", import_customer_id: null })).body.errorCode).toBe(
      "EXTERNAL_ID_INVALID",
    );
    const back = await restore(id, { external_id: "", import_customer_id: null });
    expect(back.body.data).toMatchObject({ id, externalId: "", email: "a@x.example" });
    const taken = await client.post(path, { customfields: fields({ email: "A@x.example" }) });
    expect(taken.body.errorCode).toBe("FIELD_VALUE_TAKEN");
  });

  test("when a mandatory field would be empty, unless validation is skipped", async () => {
    const id = await create({});
    await patch(id, { customfields: fields({ lastName: "Lee" }) });
    await client.patch(`${path}/customfields/lastName`, { is_mandatory: true });
    expect((await restore(id, { version: 1 })).body.errorCode).toBe("FIELD_MANDATORY");
    const back = await restore(id, { version: 1, ignore_mandatory_validation: "1" });
    expect(back.body.data.lastName).toBe("");
  });
});

describe("restoring a deleted customer", () => {
  test("keeps its id, creation time and history, and is searchable by name", async () => {
    const id = await create({ external_id: "K-1", customfields: fields({ firstName: "Änne" }) });
    const before = (await client.get(`${path}/${id}`)).body.data;
    await remove(id);
    const answer = await restore(id);
    expect(answer.status).toBe(200);
    expect(answer.body.data).toEqual({ ...before, updatedAt: time(), ts: now.getTime() / 1000 });
    expect(answer.headers["etag"]).toMatch(/^"3\./);
    const found = await client.get(path, { query: { q: "anne" } });
    expect([found.body.data[0].id, found.body.total]).toEqual([id, 1]);
    expect((await client.get(path)).body.total).toBe(1);
    const { data } = (await client.get(`${path}/${id}/history`)).body;
    expect(
      data.map((change: Record<string, unknown>) => [change["kind"], change["reason"], change["version"]]),
    ).toEqual([
      ["created", "restore", 3],
      ["deleted", "request", 2],
      ["created", "request", 1],
    ]);
  });

  test("restores an earlier version", async () => {
    const id = await create({ booker_id: "first" });
    await patch(id, { booker_id: "second" });
    await remove(id);
    expect((await restore(id, { version: 1 })).status).toBe(200);
    const { data } = (await client.get(`${path}/${id}/history`)).body;
    expect(data[0]).toMatchObject({ kind: "created", reason: "restore" });
    expect(data[0].changes).toEqual([{ attribute: "bookerId", label: "", before: null, after: "first" }]);
  });

  test("restores bookings that no other customer has had since", async () => {
    const [id, bob] = [await create({}), await create({})];
    const event = (externalId: string, type = "booking") => ({
      external_id: externalId,
      type,
      start_date: "2026-01-05",
    });
    for (const body of [event("E-1"), event("E-2"), event("E-3"), event("E-4", "visit")])
      await client.post(`${path}/${id}/events`, body);
    await remove(id);
    await client.post(`${path}/${bob}/events`, event("E-2"));
    await client.post(`${path}/${bob}/events`, event("E-3"));
    await remove(bob);

    const { body } = await restore(id);
    expect(body.data.totalBookings).toBe(1);
    const events = (await client.get(`${path}/${id}/events`)).body.data;
    expect(events.map((event: { externalId: string }) => event.externalId).sort()).toEqual(["E-1", "E-4"]);
    expect((await journalOf(app, events[0].id)).at(-1)).toMatchObject({
      reason: "customer_restored",
      before: { customerId: null },
      after: { customerId: id },
    });
    expect((await restore(bob)).body.data.totalBookings).toBe(2);
  });

  test("two concurrent restores create one customer", async () => {
    const id = await create({ external_id: "K-1" });
    await remove(id);
    const answers = await Promise.all(Array.from({ length: 4 }, () => restore(id)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await journalOf(app, id)).toHaveLength(3);
    expect((await client.get(path)).body.total).toBe(1);
  });

  test("rejects If-Match: a deleted customer has no version", async () => {
    const id = await create({});
    const etag = String((await client.get(`${path}/${id}`)).headers["etag"]);
    await remove(id);
    expect((await restore(id, {}, { "if-match": etag })).status).toBe(412);
  });
});
