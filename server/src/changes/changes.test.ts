import { beforeEach, describe, expect, test } from "vitest";
import { type Client, startApp } from "../testing/start-app.ts";

const registry = startApp();
const path = "/v1/customer-changes";
const customers = "/v1/enterprise-customers";

let client: Client;
beforeEach(async () => {
  client = await registry.client();
});

const read = async (query: Record<string, string> = {}, from: Client = client) => {
  const answer = await from.get(path, { query });
  expect(answer.status, answer.text).toBe(200);
  return answer.body.data as { changes: Change[]; nextCursor: string; isCaughtUp: boolean };
};

// biome-ignore lint/suspicious/noExplicitAny: what a record has is said by each test.
type Snapshot = any;
type Change = {
  id: string;
  subject: string;
  subjectId: string;
  kind: string;
  version: number;
  before: Snapshot;
  after: Snapshot;
  importId: string | null;
  importLine: number | null;
};

const summaryOf = ({ subject, kind, version, before, after }: Change) => ({
  subject,
  kind,
  version,
  before,
  after,
});

async function make(url: string, body: unknown): Promise<string> {
  const answer = await client.post(url, body);
  expect(answer.status, answer.text).toBe(201);
  return answer.body.data.id;
}

describe("a change", () => {
  test("of a customer has the changed attributes, all of a new one, and a tombstone for a deleted one", async () => {
    const tagId = await make("/v1/customer-tags", { name: "Regular" });
    const fieldId = await make(`${customers}/customfields`, { label: "Drink", type: "TEXT" });
    const { nextCursor } = await read();
    const id = await make(customers, {
      external_id: "K-1",
      tag_ids: [tagId],
      customfields: [{ id: fieldId, value: "Tea" }],
    });
    await client.patch(`${customers}/${id}`, { external_id: "", customfields: [{ id: fieldId, value: "" }] });
    await client.patch(`${customers}/${id}`, { external_id: "" });
    await client.delete(`${customers}/${id}`);

    const { changes, isCaughtUp } = await read({ cursor: nextCursor });
    expect(isCaughtUp).toBe(true);
    const tags = [{ id: tagId, name: "Regular" }];
    const unset = { importCustomerId: null, bookerId: null };
    expect(changes.map(summaryOf)).toEqual([
      {
        subject: "customer",
        kind: "created",
        version: 1,
        before: null,
        after: { externalId: "K-1", ...unset, tags, fields: { [fieldId]: "Tea" } },
      },
      {
        subject: "customer",
        kind: "updated",
        version: 2,
        before: { externalId: "K-1", fields: { [fieldId]: "Tea" } },
        after: { externalId: null, fields: { [fieldId]: null } },
      },
      {
        subject: "customer",
        kind: "deleted",
        version: 3,
        before: { externalId: null, ...unset, tags, fields: {} },
        after: null,
      },
    ]);
    const [created] = changes;
    expect(created).toMatchObject({
      subjectId: id,
      reason: "request",
      appId: client.appId,
      appName: "Test app",
      companyId: null,
      importId: null,
      importLine: null,
    });
    const { body } = await client.get(`${customers}/${id}/history`);
    expect(body.data.map((change: Change) => change.id).reverse()).toEqual(
      changes.map((change) => change.id),
    );
  });

  test("of a field, a category, a tag or an event has the same form as one of a customer", async () => {
    const categoryId = await make(`${customers}/customfields/categories`, { name: "Likes" });
    const fieldId = await make(`${customers}/customfields`, { label: "Drink", type: "TEXT" });
    const tagId = await make("/v1/customer-tags", { name: "Regular" });
    const customerId = await make(customers, {
      tag_ids: [tagId],
      customfields: [{ id: fieldId, value: "Tea" }],
    });
    const eventId = await make(`${customers}/${customerId}/events`, {
      start_date: "2026-01-31",
      title: "Cut",
    });
    await client.patch(`/v1/customer-tags/${tagId}`, { name: "Regulars" });
    await client.patch(`${customers}/customfields/${fieldId}`, { label: "Favourite drink" });
    await client.delete(`/v1/customer-tags/${tagId}`);
    await client.delete(`${customers}/customfields/${fieldId}`);
    await client.delete(`${customers}/customfields/categories/${categoryId}`);

    const { changes } = await read();
    const line = ({ subject, kind, subjectId }: Change) => `${subject} ${kind} ${subjectId}`;
    expect(changes.map(line)).toEqual([
      `category created ${categoryId}`,
      `customField created ${fieldId}`,
      `tag created ${tagId}`,
      `customer created ${customerId}`,
      `event created ${eventId}`,
      `tag updated ${tagId}`,
      `customField updated ${fieldId}`,
      `customer updated ${customerId}`,
      `tag deleted ${tagId}`,
      `customer updated ${customerId}`,
      `customField deleted ${fieldId}`,
      `category deleted ${categoryId}`,
    ]);
  });

  test("of an import names the import and the row, and the import's completion is a change too", async () => {
    const rows = { customers: [{ external_id: "K-1" }, { external_id: "K-2" }] };
    const sent = await client.post("/v1/customer-imports", rows);
    const importId = sent.body.data.id;
    await registry.work();
    const { changes } = await read();
    expect(changes).toMatchObject([
      { subject: "customer", kind: "created", reason: "import", importId, importLine: 0 },
      { subject: "customer", kind: "created", reason: "import", importId, importLine: 1 },
      { subject: "import", kind: "completed", subjectId: importId, importId, after: { created: 2 } },
    ]);
  });
});

describe("the feed", () => {
  const three = async () => {
    for (const name of ["a", "b", "c"]) await make("/v1/customer-tags", { name });
    return make(customers, {});
  };
  const names = ({ changes }: { changes: Change[] }) => changes.map(({ after }) => after.name ?? "customer");

  test("begins at the beginning, or now", async () => {
    await three();
    expect(names(await read())).toEqual(["a", "b", "c", "customer"]);
    expect(names(await read({ from: "beginning" }))).toEqual(["a", "b", "c", "customer"]);
    const now = await read({ from: "now" });
    expect(now).toMatchObject({ changes: [], isCaughtUp: true });
    await make("/v1/customer-tags", { name: "d" });
    expect(names(await read({ cursor: now.nextCursor }))).toEqual(["d"]);
  });

  test("is paged, and marks the last page", async () => {
    const { nextCursor } = await read();
    await three();
    const first = await read({ limit: "3", cursor: nextCursor });
    expect(first.isCaughtUp).toBe(false);
    const second = await read({ limit: "3", cursor: first.nextCursor });
    expect([names(first), names(second)]).toEqual([["a", "b", "c"], ["customer"]]);
    expect(second.isCaughtUp).toBe(true);
    const third = await read({ limit: "3", cursor: second.nextCursor });
    expect(third).toMatchObject({ changes: [], isCaughtUp: true });
    // The same cursor gives the same page.
    expect(names(await read({ limit: "3", cursor: first.nextCursor }))).toEqual(["customer"]);
    for (const limit of ["0", "-1", "100000"]) expect(names(await read({ limit }))).toHaveLength(4);
  });

  test("filtered by subject skips the others and still advances the cursor", async () => {
    const { nextCursor } = await read();
    await three();
    expect(names(await read({ subject: "customer" }))).toEqual(["customer"]);
    expect(names(await read({ subject: "customer,tag" }))).toEqual(["a", "b", "c", "customer"]);
    const first = await read({ subject: "customer", limit: "2", cursor: nextCursor });
    expect(first).toMatchObject({ changes: [], isCaughtUp: false });
    expect(names(await read({ cursor: first.nextCursor }))).toEqual(["c", "customer"]);
    const unknown = await client.get(path, { query: { subject: "secret" } });
    expect(unknown).toMatchObject({ status: 400, body: { errorCode: "REQUEST_INVALID" } });
  });

  test("has the current name of a tag, and the last name of a deleted one", async () => {
    const tagIds = [
      await make("/v1/customer-tags", { name: "a" }),
      await make("/v1/customer-tags", { name: "b" }),
    ];
    await make(customers, { tag_ids: tagIds });
    await client.patch(`/v1/customer-tags/${tagIds[0]}`, { name: "A" });
    await client.delete(`/v1/customer-tags/${tagIds[1]}`);
    const { changes } = await read({ subject: "customer" });
    expect(changes.map(({ after }) => after.tags.map((tag: { name: string }) => tag.name).sort())).toEqual([
      ["A", "b"],
      ["A"],
    ]);
  });

  test("rejects cursors of lists and of other enterprises, and its cursors are rejected there", async () => {
    const stranger = await registry.client();
    await three();
    await make(customers, {});
    const { nextCursor } = await read({ limit: "1" });
    const listed = await client.get(customers, { query: { limit: "1" } });
    const tampered = `${nextCursor.slice(0, -2)}${nextCursor.endsWith("AA") ? "BB" : "AA"}`;
    const refused = { status: 400, body: { errorCode: "CURSOR_INVALID" } };
    for (const cursor of [
      listed.body.meta.nextCursor,
      tampered,
      "",
      "x",
      (await read({}, stranger)).nextCursor,
    ]) {
      expect(await client.get(path, { query: { cursor } }), cursor).toMatchObject(refused);
      expect(await client.get(`${path}/stream`, { query: { cursor } }), cursor).toMatchObject(refused);
    }
    expect(await stranger.get(path, { query: { cursor: nextCursor } })).toMatchObject(refused);
    expect(await client.get(customers, { query: { cursor: nextCursor } })).toMatchObject(refused);
  });

  test("rejects a start together with a cursor, and a wait that is too long", async () => {
    const { nextCursor } = await read();
    const refusedAt = async (query: Record<string, string>) => {
      const { status, body } = await client.get(path, { query });
      return [status, Object.keys(body.details?.query ?? {})];
    };
    expect(await refusedAt({ cursor: nextCursor, from: "now" })).toEqual([400, ["from"]]);
    expect(await refusedAt({ cursor: "x", from: "now" })).toEqual([400, ["cursor", "from"]]);
    expect(await refusedAt({ from: "then" })).toEqual([400, ["from"]]);
    expect(await refusedAt({ wait: "31" })).toEqual([400, ["wait"]]);
    expect(await refusedAt({ wait: "-1" })).toEqual([400, ["wait"]]);
  });

  test("contains no changes of another enterprise", async () => {
    const stranger = await registry.client();
    await three();
    expect(await read({}, stranger)).toMatchObject({ changes: [], isCaughtUp: true });
  });
});
