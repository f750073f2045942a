import { describe, expect, test } from "vitest";
import { journalOf } from "../testing/journal.ts";
import { startApp } from "../testing/start-app.ts";

const it = startApp();
const fieldsPath = "/v1/enterprise-customers/customfields";
const path = `${fieldsPath}/categories`;

describe("a category", () => {
  test("is created, fetched, changed and deleted, and the journal says so", async () => {
    const client = await it.client();
    const created = await client.post(path, { name: " Sports ", external_id: "sports" });
    expect(created.status).toBe(201);
    const { id } = created.body.data;
    expect(created.body.data).toEqual({
      id,
      externalId: "sports",
      name: "Sports",
      translationKey: "",
      orderIndex: 1,
      isDefault: false,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    const fetched = await client.get(`${path}/${id}`);
    expect(fetched.body).toEqual(created.body);
    expect(fetched.headers["etag"]).toBe(created.headers["etag"]);
    const same = await client.patch(`${path}/${id}`, { name: "Sports" });
    expect(same.headers["etag"]).toBe(fetched.headers["etag"]);

    const patched = await client.patch(`${path}/${id}`, { name: "Sport", external_id: null, order_index: 7 });
    expect(patched.body.data).toMatchObject({ name: "Sport", externalId: "", orderIndex: 7 });
    const old = { headers: { "if-match": String(fetched.headers["etag"]) } };
    expect((await client.patch(`${path}/${id}`, { name: "Late" }, old)).status).toBe(412);
    expect((await client.delete(`${path}/${id}`, old)).status).toBe(412);
    expect((await client.delete(`${path}/${id}`)).body).toEqual({ data: { id }, status: 1 });
    expect((await client.get(`${path}/${id}`)).body.errorCode).toBe("CATEGORY_NOT_FOUND");
    expect(await journalOf(it, id)).toMatchObject([
      { kind: "created", version: 1, before: null, after: { name: "Sports", externalId: "sports" } },
      { kind: "updated", version: 2, before: { name: "Sports" }, after: { name: "Sport", orderIndex: 7 } },
      { kind: "deleted", version: 3, before: { name: "Sport" }, after: null },
    ]);
  });

  test("is listed in order, the default one first", async () => {
    const client = await it.client();
    await client.post(path, { name: "B", order_index: 2 });
    await client.post(path, { name: "A", order_index: 1 });
    const { body } = await client.get(path);
    expect(body.data.map((it: { name: string }) => it.name)).toEqual(["Customer essentials", "A", "B"]);
    expect(body).toMatchObject({ total: 3, meta: { page: 1, totalItems: 3, totalPages: 1 } });
    const { body: page } = await client.get(`${path}?page=2&limit=2`);
    expect(page.data).toEqual(body.data.slice(2));
  });

  test("has a name and an external id of its own", async () => {
    const client = await it.client();
    await client.post(path, { name: "Sports", external_id: "sports" });
    expect((await client.post(path, { name: "Sports" })).body.errorCode).toBe("NAME_TAKEN");
    const other = await client.post(path, { name: "Other", external_id: "sports" });
    expect(other.body.errorCode).toBe("EXTERNAL_ID_TAKEN");
    const blank = await client.post(path, { name: " \u200B ", external_id: ".." });
    expect(Object.keys(blank.body.details.body)).toEqual(["name", "external_id"]);
  });

  test("that another enterprise has is not found, like one that never was", async () => {
    const owner = await it.client();
    const other = await it.client();
    const { body } = await owner.post(path, { name: "Sports" });
    const missing = await other.get(`${path}/0123456789abcdef01234567`);
    expect(missing.status).toBe(404);
    for (const answer of [
      await other.get(`${path}/${body.data.id}`),
      await other.patch(`${path}/${body.data.id}`, { name: "Mine" }),
      await other.delete(`${path}/${body.data.id}`),
    ])
      expect(answer.text).toBe(missing.text);
    const taken = { label: "Club", type: "TEXT", category_id: body.data.id };
    expect((await other.post(fieldsPath, taken)).body.errorCode).toBe("CATEGORY_UNKNOWN");
  });

  test("that is deleted leaves its fields to the default one, behind its own and in their order", async () => {
    const client = await it.client();
    const { body: category } = await client.post(path, { name: "Sports" });
    const ids: string[] = [];
    for (const label of ["Club", "Team"]) {
      const written = { label, type: "TEXT", category_id: category.data.id };
      ids.push((await client.post(fieldsPath, written)).body.data.id);
    }
    await client.delete(`${path}/${category.data.id}`);
    const { body } = await client.get(path);
    const fields = (await client.get(fieldsPath)).body.data.slice(-2);
    expect(fields).toMatchObject([
      { id: ids[0], categoryId: body.data[0].id, orderIndex: 13 },
      { id: ids[1], categoryId: body.data[0].id, orderIndex: 14 },
    ]);
    expect((await journalOf(it, ids[0]!)).at(-1)).toEqual({
      kind: "updated",
      version: 2,
      reason: "category_deleted",
      before: { categoryId: category.data.id, orderIndex: 0 },
      after: { categoryId: body.data[0].id, orderIndex: 13 },
    });
  });

  test("that is the default one can be renamed, not deleted", async () => {
    const client = await it.client();
    const { body } = await client.get(path);
    const { id, isDefault } = body.data[0];
    expect(isDefault).toBe(true);
    const renamed = await client.patch(`${path}/${id}`, { name: "Basics" });
    expect(renamed.body.data).toMatchObject({ name: "Basics", isDefault: true });
    const deleted = await client.delete(`${path}/${id}`);
    expect(deleted.status).toBe(400);
    expect(deleted.body.errorCode).toBe("CATEGORY_PROTECTED");
  });
});
