import { describe, expect, test } from "vitest";
import { journalOf } from "../testing/journal.ts";
import { startApp } from "../testing/start-app.ts";

const app = startApp();
const fieldsPath = "/v1/enterprise-customers/customfields";
const path = `${fieldsPath}/categories`;

describe("categories", () => {
  test("are created, fetched, updated, deleted and journaled", async () => {
    const client = await app.client();
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
    expect(await journalOf(app, id)).toMatchObject([
      { kind: "created", version: 1, before: null, after: { name: "Sports", externalId: "sports" } },
      { kind: "updated", version: 2, before: { name: "Sports" }, after: { name: "Sport", orderIndex: 7 } },
      { kind: "deleted", version: 3, before: { name: "Sport" }, after: null },
    ]);
  });

  test("are listed in order, the default category first", async () => {
    const client = await app.client();
    await client.post(path, { name: "B", order_index: 2 });
    await client.post(path, { name: "A", order_index: 1 });
    const { body } = await client.get(path);
    expect(body.data.map((category: { name: string }) => category.name)).toEqual([
      "Customer essentials",
      "A",
      "B",
    ]);
    expect(body).toMatchObject({ total: 3, meta: { page: 1, totalItems: 3, totalPages: 1 } });
    const { body: page } = await client.get(`${path}?page=2&limit=2`);
    expect(page.data).toEqual(body.data.slice(2));
  });

  test("require a unique name and external id", async () => {
    const client = await app.client();
    await client.post(path, { name: "Sports", external_id: "sports" });
    expect((await client.post(path, { name: "Sports" })).body.errorCode).toBe("NAME_TAKEN");
    const other = await client.post(path, { name: "Other", external_id: "sports" });
    expect(other.body.errorCode).toBe("EXTERNAL_ID_TAKEN");
    const blank = await client.post(path, { name: " \u200B ", external_id: ".." });
    expect(Object.keys(blank.body.details.body)).toEqual(["name", "external_id"]);
  });

  test("of other enterprises are hidden like missing ones", async () => {
    const owner = await app.client();
    const other = await app.client();
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

  test("leave their fields to the default category, after its own and in order, when deleted", async () => {
    const client = await app.client();
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
    expect((await journalOf(app, ids[0]!)).at(-1)).toEqual({
      kind: "updated",
      version: 2,
      reason: "category_deleted",
      before: { categoryId: category.data.id, orderIndex: 0 },
      after: { categoryId: body.data[0].id, orderIndex: 13 },
    });
  });

  test("the default category can be renamed but not deleted", async () => {
    const client = await app.client();
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

describe("reordering", () => {
  type Placed = { id: string; defaultId: string; orderIndex: number; categoryId: string };
  const places = (fields: Placed[]) =>
    fields.map(({ defaultId, orderIndex }) => `${orderIndex} ${defaultId || "own"}`);

  test("reorders fields in one request, without ties or effect on other categories", async () => {
    const client = await app.client();
    const other = (await client.post(path, { name: "Other" })).body.data.id;
    const own = (await client.post(fieldsPath, { label: "Own", type: "TEXT", category_id: other })).body.data
      .id;
    // Order indexes written individually may coincide.
    await client.patch(`${fieldsPath}/notes`, { order_index: 0 });
    const ordered = await client.post(`${fieldsPath}/order`, { ids: ["email", "notes"] });
    expect(ordered.status).toBe(200);
    expect(places(ordered.body.data.fields).slice(0, 5)).toEqual([
      "0 email",
      "1 notes",
      "2 salutation",
      "3 firstName",
      "4 lastName",
    ]);
    expect((await client.get(fieldsPath)).body.data).toEqual(ordered.body.data.fields);
    const journal = await app.database.admin.query(
      `select c.after from changes c join custom_fields f on f.id = c.subject_id
       where f.default_id = 'email' and c.enterprise_id = $1`,
      [client.enterpriseId],
    );
    expect(journal.rows).toEqual([{ after: { categoryId: expect.any(String), orderIndex: 0 } }]);
    expect((await client.get(`${fieldsPath}/${own}`)).headers["etag"]).toMatch(/^"1\./);

    const moved = await client.post(`${fieldsPath}/order`, { ids: ["email"], category_id: other });
    const there = moved.body.data.fields.filter((field: Placed) => field.categoryId === other);
    expect(places(there)).toEqual(["0 email", "1 own"]);
    const { rows } = await app.database.admin.query("select count(*) from changes where enterprise_id = $1", [
      client.enterpriseId,
    ]);
    await client.post(`${fieldsPath}/order`, { ids: ["email"], category_id: other });
    const after = await app.database.admin.query("select count(*) from changes where enterprise_id = $1", [
      client.enterpriseId,
    ]);
    expect(after.rows).toEqual(rows);
  });

  test("reorders categories and rejects duplicate or unknown ids entirely", async () => {
    const client = await app.client();
    const [one, two] = [
      (await client.post(path, { name: "One", order_index: 7 })).body.data.id,
      (await client.post(path, { name: "Two", order_index: 7 })).body.data.id,
    ];
    const { categories } = (await client.post(`${path}/order`, { ids: [two, one] })).body.data;
    expect(
      categories.map((category: Placed & { name: string }) => [category.orderIndex, category.name]),
    ).toEqual([
      [0, "Two"],
      [1, "One"],
      [2, "Customer essentials"],
    ]);
    const foreign = (await app.client()).enterpriseId;
    const refused = await client.post(`${path}/order`, { ids: [one, one, foreign] });
    expect(refused.status).toBe(400);
    expect(Object.keys(refused.body.details.body)).toEqual(["ids.1", "ids.2"]);
    const fields = await client.post(`${fieldsPath}/order`, { ids: ["email", "none"], category_id: foreign });
    expect(Object.keys(fields.body.details.body)).toEqual(["ids.1", "category_id"]);
  });
});
