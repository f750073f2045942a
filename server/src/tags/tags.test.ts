import { describe, expect, test } from "vitest";
import { type Client, startApp } from "../testing/start-app.ts";

const app = startApp();
const path = "/v1/customer-tags";
const customersPath = "/v1/enterprise-customers";
const missingId = "0123456789abcdef01234567";

const createTag = async (client: Client, name: string): Promise<string> =>
  (await client.post(path, { name })).body.data.id;

const createCustomer = async (client: Client, tagIds: string[]): Promise<string> =>
  (await client.post(customersPath, { tag_ids: tagIds })).body.data.id;

const changesOf = async (id: string) =>
  (
    await app.database.admin.query(
      "select subject, kind, reason, version, before, after from changes where subject_id = $1 order by number",
      [id],
    )
  ).rows;

describe("tags", () => {
  test("are created, listed by name, renamed, deleted and journaled", async () => {
    const client = await app.client();
    const created = await client.post(path, { name: " VIP\u200B " });
    expect(created.status).toBe(201);
    const { data } = created.body;
    expect(data).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      name: "VIP",
      createdAt: data.createdAt,
      updatedAt: data.createdAt,
    });
    await createTag(client, "älter");
    await createTag(client, "Neu");
    const listed = await client.get(path);
    expect(listed.body.data.map((tag: { name: string }) => tag.name)).toEqual(["Neu", "VIP", "älter"]);
    expect(listed.body.total).toBe(3);

    const renamed = await client.patch(`${path}/${data.id}`, { name: "Very important" });
    expect(renamed.status).toBe(200);
    expect(renamed.body.data).toMatchObject({ id: data.id, name: "Very important" });
    const deleted = await client.delete(`${path}/${data.id}`);
    expect(deleted.body).toEqual({ data: { id: data.id }, status: 1 });
    expect((await client.get(path)).body.total).toBe(2);
    expect(await changesOf(data.id)).toEqual([
      {
        subject: "tag",
        kind: "created",
        reason: "request",
        version: 0,
        before: null,
        after: { name: "VIP" },
      },
      {
        subject: "tag",
        kind: "updated",
        reason: "request",
        version: 0,
        before: { name: "VIP" },
        after: { name: "Very important" },
      },
      {
        subject: "tag",
        kind: "deleted",
        reason: "request",
        version: 0,
        before: { name: "Very important" },
        after: null,
      },
    ]);
  });

  test("are listed in pages; a page past the end is empty", async () => {
    const client = await app.client();
    for (const name of ["a", "b", "c"]) await createTag(client, name);
    const second = await client.get(path, { query: { page: "2", limit: "2" } });
    expect(second.body).toMatchObject({
      data: [{ name: "c" }],
      total: 3,
      meta: { page: 2, limit: 2, totalItems: 3, totalPages: 2 },
    });
    const far = await client.get(path, { query: { page: "999999999999999" } });
    expect(far.status).toBe(200);
    expect(far.body).toMatchObject({ data: [], total: 3 });
  });

  test("require a unique name in any case", async () => {
    const client = await app.client();
    await createTag(client, "Stammgast");
    const other = await createTag(client, "Neukunde");
    const created = await client.post(path, { name: "STAMMGAST" });
    expect(created.status).toBe(409);
    expect(created.body).toMatchObject({
      errorCode: "NAME_TAKEN",
      details: { body: { name: expect.any(String) } },
    });
    const renamed = await client.patch(`${path}/${other}`, { name: "stammgast" });
    expect(renamed.status).toBe(409);
    expect((await client.patch(`${path}/${other}`, { name: "NEUKUNDE" })).status).toBe(200);
    const elsewhere = await app.client();
    expect((await elsewhere.post(path, { name: "Stammgast" })).status).toBe(201);
  });

  test.each([[""], [" \u200B "], ["x".repeat(101)], [null], [7]])("cannot be named %j", async (name) => {
    const client = await app.client();
    const { status, body } = await client.post(path, { name });
    expect(status).toBe(400);
    expect(Object.keys(body.details.body)).toEqual(["name"]);
  });

  test("that are missing or of another enterprise return the same 404", async () => {
    const client = await app.client();
    const foreign = await createTag(await app.client(), "VIP");
    for (const ask of [
      (id: string) => client.patch(`${path}/${id}`, { name: "Mine" }),
      (id: string) => client.delete(`${path}/${id}`),
    ]) {
      const [one, other] = [await ask(foreign), await ask(missingId)];
      expect(one.status).toBe(404);
      expect(one.body.errorCode).toBe("TAG_NOT_FOUND");
      expect(one.text).toBe(other.text);
    }
  });

  test("are unchanged by a rename to the same name", async () => {
    const client = await app.client();
    const id = await createTag(client, "VIP");
    await client.patch(`${path}/${id}`, { name: " VIP " });
    expect(await changesOf(id)).toHaveLength(1);
  });

  test("are created once for eight concurrent requests", async () => {
    const client = await app.client();
    const answers = await Promise.all(Array.from({ length: 8 }, () => client.post(path, { name: "Same" })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
    expect((await client.get(path)).body.total).toBe(1);
  });
});

describe("tags of a customer", () => {
  test("change the version and updatedAt of their customers when they are renamed, and of no other", async () => {
    const client = await app.client();
    const tagId = await createTag(client, "VIP");
    const [tagged, other] = [await createCustomer(client, [tagId]), await createCustomer(client, [])];
    const versionOf = async (id: string) =>
      (
        await app.database.admin.query(
          "select version, updated_at from customer_versions where customer_id = $1",
          [id],
        )
      ).rows[0];
    const before = [await versionOf(tagged), await versionOf(other)];
    await client.patch(`${path}/${tagId}`, { name: "Very important" });
    const after = [await versionOf(tagged), await versionOf(other)];
    expect(after[0].version).toBe(before[0].version + 1);
    expect(after[0].updated_at.getTime()).toBeGreaterThan(before[0].updated_at.getTime());
    expect(after[1]).toEqual(before[1]);
    expect((await changesOf(tagged)).map(({ kind }) => kind)).toEqual(["created"]);
    const listed = await client.get(customersPath, {
      query: { sort: "updatedAt", sort_type: "desc", limit: "1" },
    });
    expect(listed.body.data[0]).toMatchObject({ id: tagged, tags: [{ name: "Very important" }] });
  });

  test("follow a rename, which changes the ETag", async () => {
    const client = await app.client();
    const tagId = await createTag(client, "Old");
    const customerId = await createCustomer(client, [tagId]);
    const before = await client.get(`${customersPath}/${customerId}`);
    await client.patch(`${path}/${tagId}`, { name: "New" });
    const after = await client.get(`${customersPath}/${customerId}`, {
      headers: { "if-none-match": String(before.headers["etag"]) },
    });
    expect(after.status).toBe(200);
    const { updatedAt, ts } = after.body.data;
    expect(after.body.data).toEqual({
      ...before.body.data,
      tags: [{ id: tagId, name: "New" }],
      updatedAt,
      ts,
    });
    expect(await changesOf(customerId)).toHaveLength(1);
  });

  test("lose a deleted tag, and each customer's history records it", async () => {
    const client = await app.client();
    const [deletedTag, otherTag] = [await createTag(client, "Gone"), await createTag(client, "Kept")];
    const both = await createCustomer(client, [deletedTag, otherTag]);
    const one = await createCustomer(client, [deletedTag]);
    const other = await createCustomer(client, [otherTag]);
    const foreign = await app.client();
    const foreignCustomer = await createCustomer(foreign, [await createTag(foreign, "Gone")]);

    expect((await client.delete(`${path}/${deletedTag}`)).status).toBe(200);
    const tagsOf = async (id: string, of = client) =>
      (await of.get(`${customersPath}/${id}`)).body.data.tags.map((tag: { name: string }) => tag.name);
    expect(await tagsOf(both)).toEqual(["Kept"]);
    expect(await tagsOf(one)).toEqual([]);
    expect(await tagsOf(other)).toEqual(["Kept"]);
    expect(await tagsOf(foreignCustomer, foreign)).toEqual(["Gone"]);

    const [, change] = await changesOf(both);
    expect(change).toEqual({
      subject: "customer",
      kind: "updated",
      reason: "tag_deleted",
      version: 2,
      before: { tagIds: [deletedTag, otherTag].sort() },
      after: { tagIds: [otherTag] },
    });
    expect(await changesOf(one)).toHaveLength(2);
    expect(await changesOf(other)).toHaveLength(1);
    const refused = await client.post(customersPath, { tag_ids: [deletedTag] });
    expect(refused.body).toMatchObject({ errorCode: "TAG_UNKNOWN" });
  });

  test("never contain a deleted tag under concurrent writes", async () => {
    const client = await app.client();
    const tagId = await createTag(client, "Contested");
    const answers = await Promise.all([
      ...Array.from({ length: 6 }, () => client.post(customersPath, { tag_ids: [tagId] })),
      client.delete(`${path}/${tagId}`),
    ]);
    expect(answers.at(-1)!.status).toBe(200);
    for (const { status } of answers.slice(0, -1)) expect([201, 400]).toContain(status);
    const { rows } = await app.database.admin.query(
      "select id from customers where enterprise_id = $1 and tag_ids <> '{}'",
      [client.enterpriseId],
    );
    expect(rows).toEqual([]);
  });
});
