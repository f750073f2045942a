import { beforeEach, describe, expect, test } from "vitest";
import { type Client, startApp } from "../testing/start-app.ts";

const it = startApp();
const path = "/v1/customer-changes";
const customers = "/v1/enterprise-customers";

let client: Client;
beforeEach(async () => {
  client = await it.client();
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

const told = ({ subject, kind, version, before, after }: Change) => ({
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
  test("of a customer tells what changed, all of a new one, and is a tombstone in the end", async () => {
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
    expect(changes.map(told)).toEqual([
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
    expect(body.data.map((it: Change) => it.id).reverse()).toEqual(changes.map((it) => it.id));
  });

  test("of a field, a category, a tag or an event is told like one of a customer", async () => {
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
});
