import { describe, expect, test } from "vitest";
import { createField, fieldsPath } from "../testing/fields.ts";
import { journalOf } from "../testing/journal.ts";
import { startApp } from "../testing/start-app.ts";

const app = startApp();

describe("custom fields", () => {
  test("returns the created field with defaults", async () => {
    const client = await app.client();
    const created = await client.post(fieldsPath, {
      label: " Shoe\u200B size ",
      type: "NUMBER",
      external_id: "shoe",
      validation: { min: 15, max: 60 },
      is_searchable: true,
    });
    expect(created.status).toBe(201);
    const { data } = created.body;
    expect(Object.keys(data)).toEqual([
      "id",
      "externalId",
      "defaultId",
      "categoryId",
      "type",
      "label",
      "translationKey",
      "placeholder",
      "selectOptions",
      "isMultiple",
      "isMandatory",
      "isMandatoryOnline",
      "isUnique",
      "isSearchable",
      "isActive",
      "isDefault",
      "orderIndex",
      "validation",
      "createdAt",
      "updatedAt",
    ]);
    expect(data).toMatchObject({
      externalId: "shoe",
      defaultId: "",
      type: "NUMBER",
      label: "Shoe size",
      selectOptions: [],
      isMultiple: false,
      isMandatory: false,
      isUnique: false,
      isSearchable: true,
      isActive: true,
      isDefault: false,
      validation: { min: 15, max: 60 },
    });
    const fetched = await client.get(`${fieldsPath}/${data.id}`);
    expect(fetched.body).toEqual(created.body);
    expect(fetched.headers["etag"]).toBe(created.headers["etag"]);
  });

  test("appends to the category without an order index", async () => {
    const client = await app.client();
    const first = await createField(client, { label: "First" });
    const second = await createField(client, { label: "Second" });
    expect(second.orderIndex).toBe(first.orderIndex + 1);
    const { body } = await client.get(fieldsPath);
    expect(body.data.at(-1)).toEqual(second);
    const category = await client.post(`${fieldsPath}/categories`, { name: "Sports" });
    const moved = await client.patch(`${fieldsPath}/${first.id}`, { category_id: category.body.data.id });
    expect(moved.body.data).toMatchObject({ categoryId: category.body.data.id, orderIndex: 0 });
    const back = await client.patch(`${fieldsPath}/${first.id}`, { category_id: null });
    expect(back.body.data).toMatchObject({
      categoryId: second.categoryId,
      orderIndex: second.orderIndex + 1,
    });
  });

  test("hides fields of other enterprises like missing ones", async () => {
    const owner = await app.client();
    const other = await app.client();
    const { id } = await createField(owner);
    const missing = await other.get(`${fieldsPath}/0123456789abcdef01234567`);
    expect(missing.status).toBe(404);
    expect((await other.get(`${fieldsPath}/${id}`)).text).toBe(missing.text);
    expect((await other.patch(`${fieldsPath}/${id}`, { label: "Mine" })).text).toBe(missing.text);
    expect((await other.delete(`${fieldsPath}/${id}`)).text).toBe(missing.text);
  });

  test("lists by page, category, type, part of the label and activity", async () => {
    const client = await app.client();
    const { body: all } = await client.get(fieldsPath);
    expect(all).toMatchObject({ total: 13, meta: { page: 1, limit: 10_000, totalPages: 1 }, status: 1 });
    const { body: page } = await client.get(`${fieldsPath}?page=2&limit=5`);
    expect(page.data).toEqual(all.data.slice(5, 10));
    expect(page.meta).toEqual({ page: 2, limit: 5, totalItems: 13, totalPages: 3 });
    const past = await client.get(`${fieldsPath}?page=9&limit=5`);
    expect(past.body).toMatchObject({ data: [], total: 13 });

    const labels = async (query: string) =>
      (await client.get(`${fieldsPath}?${query}`)).body.data.map((field: { label: string }) => field.label);
    expect(await labels("type=PHONE,DATE")).toEqual(["Mobile phone", "Landline phone", "Birthday"]);
    expect(await labels("q=PHONE")).toEqual(["Mobile phone", "Landline phone"]);
    expect(await labels("q=companyn")).toEqual(["Company"]);
    expect(await labels("q=%25")).toEqual([]);
    await createField(client, { label: "Größe" });
    expect(await labels("q=grosse")).toEqual(["Größe"]);
    expect(await labels(`q=${encodeURIComponent("GRÖS")}`)).toEqual(["Größe"]);
    await client.patch(`${fieldsPath}/notes`, { is_active: false });
    expect(await labels("is_active=false")).toEqual(["Notes"]);
    const { body } = await client.post(`${fieldsPath}/categories`, { name: "Sports" });
    await createField(client, { label: "Club", category_id: body.data.id });
    expect(await labels(`category_id=${body.data.id}`)).toEqual(["Club"]);
    expect((await client.get(`${fieldsPath}?type=COLOUR`)).status).toBe(400);
  });

  test("requires a unique label and external id", async () => {
    const client = await app.client();
    await createField(client, { label: "Loyalty", external_id: "loyalty" });
    const other = await createField(client, { label: "Other" });
    const label = await client.post(fieldsPath, { label: "Loyalty", type: "DATE" });
    expect(label.status).toBe(409);
    expect(label.body.errorCode).toBe("NAME_TAKEN");
    expect(label.body.details.body).toHaveProperty("label");
    const relabelled = await client.patch(`${fieldsPath}/${other.id}`, { label: "Loyalty" });
    expect(relabelled.body.errorCode).toBe("NAME_TAKEN");
    const externalId = await client.post(fieldsPath, {
      label: "Third",
      type: "DATE",
      external_id: "loyalty",
    });
    expect(externalId.body.errorCode).toBe("EXTERNAL_ID_TAKEN");
    expect(externalId.body.details.body).toHaveProperty("external_id");
    expect((await (await app.client()).post(fieldsPath, { label: "Loyalty", type: "TEXT" })).status).toBe(
      201,
    );
  });

  test("creates a field once for eight concurrent callers", async () => {
    const client = await app.client();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => client.post(fieldsPath, { label: "Loyalty", type: "TEXT" })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(409)]);
  });

  test("reports every error at once", async () => {
    const client = await app.client();
    const refused = await client.post(fieldsPath, {
      label: " ",
      type: "SELECT",
      external_id: "import",
      category_id: "0123456789abcdef01234567",
      select_options: ["red", { value: "red" }, { id: "0123456789abcdef01234567", value: " " }],
      is_unique: true,
      validation: { min: 3, pattern: "(" },
    });
    expect(refused.status).toBe(400);
    expect(Object.keys(refused.body.details.body).sort()).toEqual([
      "category_id",
      "external_id",
      "is_unique",
      "label",
      "select_options.1.value",
      "select_options.2.id",
      "select_options.2.value",
      "validation.min",
      "validation.pattern",
    ]);
  });

  test("an update without changes keeps version, revision and journal", async () => {
    const client = await app.client();
    const { id } = await createField(client, { type: "SELECT", select_options: ["a", "b"], validation: {} });
    const before = await client.get(`${fieldsPath}/${id}`);
    const same = await client.patch(`${fieldsPath}/${id}`, {
      label: "Loyalty",
      type: "SELECT",
      select_options: ["a", { value: "b", label: "b", order_index: 1 }],
      is_active: true,
      placeholder: null,
      external_id: "",
      validation: null,
    });
    expect(same.status).toBe(200);
    expect(same.text).toBe(before.text);
    expect(same.headers["etag"]).toBe(before.headers["etag"]);
    expect(await journalOf(app, id)).toHaveLength(1);
  });

  test("honours If-Match for update and delete", async () => {
    const client = await app.client();
    const { id } = await createField(client);
    const { headers } = await client.get(`${fieldsPath}/${id}`);
    const old = { headers: { "if-match": String(headers["etag"]) } };
    const patched = await client.patch(`${fieldsPath}/${id}`, { placeholder: "Points" }, old);
    expect(patched.status).toBe(200);
    expect((await client.get(`${fieldsPath}/${id}`)).headers["etag"]).toBe(patched.headers["etag"]);
    const late = await client.patch(`${fieldsPath}/${id}`, { placeholder: "Miles" }, old);
    expect(late.body.errorCode).toBe("VERSION_MISMATCH");
    expect((await client.delete(`${fieldsPath}/${id}`, old)).status).toBe(412);
    const now = { headers: { "if-match": String(patched.headers["etag"]) } };
    expect((await client.delete(`${fieldsPath}/${id}`, now)).body).toEqual({ data: { id }, status: 1 });
  });

  test("journals its changes, and its label when it is deleted", async () => {
    const client = await app.client();
    const { id } = await createField(client, { is_searchable: true });
    await client.patch(`${fieldsPath}/${id}`, { label: "Points", is_active: false });
    await client.delete(`${fieldsPath}/${id}`);
    const [created, updated, deleted] = await journalOf(app, id);
    expect(created).toMatchObject({ kind: "created", version: 1, before: null, after: { label: "Loyalty" } });
    expect(updated).toEqual({
      kind: "updated",
      version: 2,
      reason: "request",
      before: { label: "Loyalty", isActive: true },
      after: { label: "Points", isActive: false },
    });
    expect(deleted).toMatchObject({ kind: "deleted", version: 3, before: { label: "Points" }, after: null });
  });
});

describe("default fields", () => {
  test("are found by defaultId", async () => {
    const client = await app.client();
    const { body } = await client.get(`${fieldsPath}/email`);
    expect(body.data).toMatchObject({ defaultId: "email", isDefault: true, type: "EMAIL", label: "E-mail" });
    expect((await client.get(`${fieldsPath}/${body.data.id}`)).body).toEqual(body);
  });

  test("can be relabelled, reordered, made mandatory, unique, searchable and inactive", async () => {
    const client = await app.client();
    const change = {
      label: "Mail",
      order_index: 99,
      is_mandatory: true,
      is_unique: true,
      is_searchable: true,
      is_active: false,
    };
    const { status, body } = await client.patch(`${fieldsPath}/email`, change);
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      label: "Mail",
      orderIndex: 99,
      isMandatory: true,
      isUnique: true,
      isSearchable: true,
      isActive: false,
    });
  });

  test("cannot be deleted or retyped", async () => {
    const client = await app.client();
    const retyped = await client.patch(`${fieldsPath}/firstName`, { type: "TEXTAREA" });
    expect(retyped.status).toBe(400);
    expect(retyped.body.errorCode).toBe("FIELD_PROTECTED");
    const deleted = await client.delete(`${fieldsPath}/firstName`);
    expect(deleted.status).toBe(400);
    expect(deleted.body.errorCode).toBe("FIELD_PROTECTED");
  });
});
