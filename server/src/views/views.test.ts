import { beforeEach, expect, test } from "vitest";
import { type Answer, type Client, startApp } from "../testing/start-app.ts";

const app = startApp();
const path = "/v1/customer-views";

let client: Client;
beforeEach(async () => {
  client = await app.client();
});

const ids = ({ body }: Answer) => body.data.map(({ id }: { id: string }) => id);

const colleague = (scopes: ("READ" | "ADMIN")[] = ["READ"]) =>
  app.client({ enterpriseId: client.enterpriseId, scopes });

const create = async (by: Client, name: string, more: object = {}): Promise<string> => {
  const answer = await by.post(path, { name, definition: {}, ...more });
  expect(answer.status, answer.text).toBe(201);
  return answer.body.data.id;
};

test("a reader can create, list, change and delete views", async () => {
  const reader = await colleague();
  const definition = {
    columns: [
      { id: "fullName", width: 200 },
      { id: "city", isHidden: true },
    ],
    sort: "lastName",
    sortType: "desc",
    query: { q: "müller", filter_is: { email: "set" }, has_bookings: true, updated_since: "2026-01-01" },
  };
  const created = await reader.post(path, { name: " Mine ", definition });
  expect(created.body.data).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{24}$/),
    name: "Mine",
    isShared: false,
    isOwn: true,
    definition,
    createdAt: created.body.data.createdAt,
    updatedAt: created.body.data.createdAt,
  });
  const { id } = created.body.data;
  const first = await create(reader, "älter");
  expect(ids(await reader.get(path))).toEqual([id, first]);
  expect(await reader.get(path, { query: { limit: "1", page: "2" } })).toMatchObject({
    body: { data: [{ id: first }], total: 2 },
  });
  const changed = await reader.patch(`${path}/${id}`, { name: "Ours", definition: { sort: "email" } });
  expect(changed.body.data).toMatchObject({ name: "Ours", isShared: false, definition: { sort: "email" } });
  expect((await reader.delete(`${path}/${id}`)).body.data).toEqual({ id });
  expect(ids(await reader.get(path))).toEqual([first]);
});

test("only the owner sees a view until it is shared; only the owner and administrators change it", async () => {
  const [one, other, administrator] = await Promise.all([
    colleague(),
    colleague(),
    colleague(["READ", "ADMIN"]),
  ]);
  const stranger = await app.client();
  const id = await create(one, "Mine");
  for (const who of [other, administrator, stranger]) {
    expect(ids(await who.get(path))).toEqual([]);
    const refusals = [await who.patch(`${path}/${id}`, { name: "X" }), await who.delete(`${path}/${id}`)];
    for (const refusal of refusals)
      expect(refusal).toMatchObject({ status: 404, body: { errorCode: "VIEW_NOT_FOUND" } });
  }
  await one.patch(`${path}/${id}`, { is_shared: true });
  expect((await other.get(path)).body.data).toMatchObject([{ id, isShared: true, isOwn: false }]);
  expect(ids(await stranger.get(path))).toEqual([]);
  for (const refusal of [
    await other.patch(`${path}/${id}`, { name: "X" }),
    await other.delete(`${path}/${id}`),
  ])
    expect(refusal).toMatchObject({ status: 403, body: { errorCode: "SCOPE_MISSING" } });
  expect(await administrator.patch(`${path}/${id}`, { name: "Ours" })).toMatchObject({
    status: 200,
    body: { data: { isOwn: false } },
  });
  expect((await one.get(path)).body.data).toMatchObject([{ name: "Ours", isOwn: true }]);
  expect((await administrator.delete(`${path}/${id}`)).status).toBe(200);
});

test("view names of one owner are unique, ignoring case", async () => {
  const id = await create(client, "Berlin");
  await create(await colleague(), "Berlin");
  const taken = { status: 409, body: { errorCode: "NAME_TAKEN" } };
  expect(await client.post(path, { name: "BERLIN", definition: {} })).toMatchObject(taken);
  const other = await create(client, "Bonn");
  expect(await client.patch(`${path}/${other}`, { name: "berlin" })).toMatchObject(taken);
  expect((await client.patch(`${path}/${id}`, { name: "BERLIN" })).status).toBe(200);
});

test("each caller has a current table layout", async () => {
  const other = await colleague();
  const current = `${path}/current`;
  expect((await client.get(current)).body.data).toEqual({ definition: {}, updatedAt: null });
  for (const sort of ["email", "lastName"])
    expect((await client.patch(current, { definition: { sort } })).status).toBe(200);
  expect((await client.get(current)).body.data).toEqual({
    definition: { sort: "lastName" },
    updatedAt: expect.stringMatching(/Z$/),
  });
  expect((await other.get(current)).body.data.updatedAt).toBeNull();
  expect((await client.get(path)).body.total).toBe(0);
});

test("a view omits deleted fields and tags", async () => {
  const field = (await client.post("/v1/enterprise-customers/customfields", { label: "Size", type: "TEXT" }))
    .body.data.id;
  const [deleted, existing] = await Promise.all(
    ["Deleted", "Existing"].map(
      async (name) => (await client.post("/v1/customer-tags", { name })).body.data.id,
    ),
  );
  await create(client, "All", {
    definition: {
      columns: [{ id: field }, { id: "tags" }, { id: "never" }],
      sort: field,
      query: {
        filter: { [field]: "38", city: "Bonn" },
        filter_is: { [field]: "set" },
        tag_ids: [deleted, existing],
        // Branches are never deleted: without the filter, the view would show all customers.
        company_ids: [deleted],
      },
    },
  });
  await client.delete(`/v1/enterprise-customers/customfields/${field}`);
  await client.delete(`/v1/customer-tags/${deleted}`);
  expect((await client.get(path)).body.data[0].definition).toEqual({
    columns: [{ id: "tags" }],
    query: { filter: { city: "Bonn" }, tag_ids: [existing], company_ids: [deleted] },
  });
});

test("a definition must match its schema and have at most 32 KiB", async () => {
  const wrong = await client.post(path, {
    name: "X",
    definition: {
      columns: [{ id: "city", width: 0 }],
      colour: "red",
      query: { limit: 5, filter_is: { city: "?" } },
    },
  });
  expect(Object.keys(wrong.body.details.body).sort()).toEqual([
    "definition.colour",
    "definition.columns.0.width",
    "definition.query.filter_is.city",
    "definition.query.limit",
  ]);
  const definitionOf = (bytes: number) => ({
    query: { ids: ["x".repeat(bytes - '{"query":{"ids":[""]}}'.length)] },
  });
  expect((await client.patch(`${path}/current`, { definition: definitionOf(32_768) })).status).toBe(200);
  const large = await client.patch(`${path}/current`, { definition: definitionOf(32_769) });
  expect(large).toMatchObject({
    status: 400,
    body: { details: { body: { definition: expect.any(String) } } },
  });
});
