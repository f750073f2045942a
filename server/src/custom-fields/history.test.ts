import { expect, test } from "vitest";
import { type Client, startApp } from "../testing/start-app.ts";

const app = startApp();
const path = "/v1/enterprise-customers/customfields";
const missingId = "0123456789abcdef01234567";

type Entry = {
  kind: string;
  appName: string;
  changes: { attribute: string; before: unknown; after: unknown }[];
};

/** Of each entry, what it changed by attribute: before, then after. */
const attributeDiffs = async (client: Client, address: string, query: Record<string, string> = {}) => {
  const { status, body } = await client.get(`${address}/history`, { query });
  expect(status, JSON.stringify(body)).toBe(200);
  return body.data.map(({ kind, appName, changes }: Entry) => ({
    kind,
    appName,
    ...Object.fromEntries(changes.map(({ attribute, before, after }) => [attribute, [before, after]])),
  }));
};

test("the history of a field lists its changes, also after deletion", async () => {
  const client = await app.client({ name: "Till" });
  const field = (await client.post(path, { label: "Size", type: "TEXT" })).body.data;
  const address = `${path}/${field.id}`;
  await client.patch(address, { label: "Shoe size", is_searchable: true });
  await client.delete(address);
  const [deleted, updated, created] = await attributeDiffs(client, address);
  expect(updated).toEqual({
    kind: "updated",
    appName: "Till",
    label: ["Size", "Shoe size"],
    isSearchable: [false, true],
  });
  expect(created).toMatchObject({
    kind: "created",
    label: [null, "Size"],
    categoryId: [null, field.categoryId],
  });
  expect(created).not.toHaveProperty("placeholder");
  expect(deleted).toMatchObject({ kind: "deleted", label: ["Shoe size", null], type: ["TEXT", null] });
  expect(await attributeDiffs(client, address, { limit: "1", page: "2" })).toEqual([updated]);
});

test("the history of a default field starts with its first change and is found by defaultId", async () => {
  const client = await app.client();
  expect(await attributeDiffs(client, `${path}/city`)).toEqual([]);
  await client.patch(`${path}/city`, { label: "Town" });
  expect(await attributeDiffs(client, `${path}/city`)).toMatchObject([
    { kind: "updated", label: ["City", "Town"] },
  ]);
});

test("the history of a category lists its changes, also after deletion", async () => {
  const client = await app.client();
  const { id } = (await client.post(`${path}/categories`, { name: "Likes" })).body.data;
  const address = `${path}/categories/${id}`;
  await client.patch(address, { external_id: "C-1" });
  await client.delete(address);
  expect(await attributeDiffs(client, address)).toMatchObject([
    { kind: "deleted", name: ["Likes", null], externalId: ["C-1", null] },
    { kind: "updated", externalId: [null, "C-1"] },
    { kind: "created", name: [null, "Likes"] },
  ]);
  const [{ id: defaultId }] = (await client.get(`${path}/categories`)).body.data;
  expect(await attributeDiffs(client, `${path}/categories/${defaultId}`)).toEqual([]);
});

test("the history of a missing record or one of another enterprise is not found", async () => {
  const client = await app.client();
  const other = await app.client();
  const fieldId = (await other.post(path, { label: "Size", type: "TEXT" })).body.data.id;
  const categoryId = (await other.post(`${path}/categories`, { name: "Likes" })).body.data.id;
  for (const [id, at, code] of [
    [fieldId, path, "FIELD_NOT_FOUND"],
    [categoryId, `${path}/categories`, "CATEGORY_NOT_FOUND"],
  ]) {
    const foreign = await client.get(`${at}/${id}/history`);
    expect(foreign).toMatchObject({ status: 404, body: { errorCode: code } });
    expect(foreign.text).toBe((await client.get(`${at}/${missingId}/history`)).text);
  }
});
