import { describe, expect, test } from "vitest";
import { type Answer, type Client, startApp } from "../testing/start-app.ts";

const it = startApp();
const path = "/v1/enterprise-customers/customfields";

async function field(client: Client, body: Record<string, unknown>) {
  const { status, body: answer } = await client.post(path, { label: "Loyalty", type: "TEXT", ...body });
  expect(status, JSON.stringify(answer)).toBe(201);
  return answer.data;
}

/** The faults of an answer by their place. */
const faults = ({ status, body }: Answer) => ({ status, body: body.details?.body });

const changesOf = async (id: string) => {
  const { rows } = await it.database.admin.query(
    "select kind, version, reason, before, after from changes where subject_id = $1 order by id",
    [id],
  );
  return rows;
};

describe("a custom field", () => {
  test("is answered as it was written, with what was not said filled in", async () => {
    const client = await it.client();
    const created = await client.post(path, {
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
    const fetched = await client.get(`${path}/${data.id}`);
    expect(fetched.body).toEqual(created.body);
    expect(fetched.headers["etag"]).toBe(created.headers["etag"]);
  });

  test("stands last in its category when it names no place", async () => {
    const client = await it.client();
    const first = await field(client, { label: "First" });
    const second = await field(client, { label: "Second" });
    expect(second.orderIndex).toBe(first.orderIndex + 1);
    const { body } = await client.get(path);
    expect(body.data.at(-1)).toEqual(second);
    const category = await client.post(`${path}/categories`, { name: "Sports" });
    const moved = await client.patch(`${path}/${first.id}`, { category_id: category.body.data.id });
    expect(moved.body.data).toMatchObject({ categoryId: category.body.data.id, orderIndex: 0 });
    const back = await client.patch(`${path}/${first.id}`, { category_id: null });
    expect(back.body.data).toMatchObject({
      categoryId: second.categoryId,
      orderIndex: second.orderIndex + 1,
    });
  });

  test("that another enterprise has is not found, like one that never was", async () => {
    const owner = await it.client();
    const other = await it.client();
    const { id } = await field(owner, {});
    const missing = await other.get(`${path}/0123456789abcdef01234567`);
    expect(missing.status).toBe(404);
    expect((await other.get(`${path}/${id}`)).text).toBe(missing.text);
    expect((await other.patch(`${path}/${id}`, { label: "Mine" })).text).toBe(missing.text);
    expect((await other.delete(`${path}/${id}`)).text).toBe(missing.text);
  });

  test("is listed by page, category, type, part of the label and whether it is active", async () => {
    const client = await it.client();
    const { body: all } = await client.get(path);
    expect(all).toMatchObject({ total: 13, meta: { page: 1, limit: 10_000, totalPages: 1 }, status: 1 });
    const { body: page } = await client.get(`${path}?page=2&limit=5`);
    expect(page.data).toEqual(all.data.slice(5, 10));
    expect(page.meta).toEqual({ page: 2, limit: 5, totalItems: 13, totalPages: 3 });
    const past = await client.get(`${path}?page=9&limit=5`);
    expect(past.body).toMatchObject({ data: [], total: 13 });

    const labels = async (query: string) =>
      (await client.get(`${path}?${query}`)).body.data.map((it: { label: string }) => it.label);
    expect(await labels("type=PHONE,DATE")).toEqual(["Mobile phone", "Landline phone", "Birthday"]);
    expect(await labels("q=PHONE")).toEqual(["Mobile phone", "Landline phone"]);
    expect(await labels("q=companyn")).toEqual(["Company"]);
    expect(await labels("q=%25")).toEqual([]);
    await field(client, { label: "Größe" });
    expect(await labels("q=grosse")).toEqual(["Größe"]);
    expect(await labels(`q=${encodeURIComponent("GRÖS")}`)).toEqual(["Größe"]);
    await client.patch(`${path}/notes`, { is_active: false });
    expect(await labels("is_active=false")).toEqual(["Notes"]);
    const { body } = await client.post(`${path}/categories`, { name: "Sports" });
    await field(client, { label: "Club", category_id: body.data.id });
    expect(await labels(`category_id=${body.data.id}`)).toEqual(["Club"]);
    expect((await client.get(`${path}?type=COLOUR`)).status).toBe(400);
  });

  test("has a label and an external id of its own", async () => {
    const client = await it.client();
    await field(client, { label: "Loyalty", external_id: "loyalty" });
    const other = await field(client, { label: "Other" });
    const label = await client.post(path, { label: "Loyalty", type: "DATE" });
    expect(label.status).toBe(409);
    expect(label.body.errorCode).toBe("NAME_TAKEN");
    expect(label.body.details.body).toHaveProperty("label");
    const relabelled = await client.patch(`${path}/${other.id}`, { label: "Loyalty" });
    expect(relabelled.body.errorCode).toBe("NAME_TAKEN");
    const externalId = await client.post(path, { label: "Third", type: "DATE", external_id: "loyalty" });
    expect(externalId.body.errorCode).toBe("EXTERNAL_ID_TAKEN");
    expect(externalId.body.details.body).toHaveProperty("external_id");
    expect((await (await it.client()).post(path, { label: "Loyalty", type: "TEXT" })).status).toBe(201);
  });

  test("is created once when eight callers create it at once", async () => {
    const client = await it.client();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => client.post(path, { label: "Loyalty", type: "TEXT" })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(409)]);
  });

  test("is refused with every fault of it", async () => {
    const client = await it.client();
    const refused = await client.post(path, {
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

  test("of which nothing changes stays as it is, version, revision and journal included", async () => {
    const client = await it.client();
    const { id } = await field(client, { type: "SELECT", select_options: ["a", "b"], validation: {} });
    const before = await client.get(`${path}/${id}`);
    const same = await client.patch(`${path}/${id}`, {
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
    expect(await changesOf(id)).toHaveLength(1);
  });

  test("is changed and deleted only in the version that If-Match names", async () => {
    const client = await it.client();
    const { id } = await field(client, {});
    const { headers } = await client.get(`${path}/${id}`);
    const old = { headers: { "if-match": String(headers["etag"]) } };
    const patched = await client.patch(`${path}/${id}`, { placeholder: "Points" }, old);
    expect(patched.status).toBe(200);
    expect((await client.get(`${path}/${id}`)).headers["etag"]).toBe(patched.headers["etag"]);
    const late = await client.patch(`${path}/${id}`, { placeholder: "Miles" }, old);
    expect(late.body.errorCode).toBe("VERSION_MISMATCH");
    expect((await client.delete(`${path}/${id}`, old)).status).toBe(412);
    const now = { headers: { "if-match": String(patched.headers["etag"]) } };
    expect((await client.delete(`${path}/${id}`, now)).body).toEqual({ data: { id }, status: 1 });
  });

  test("leaves its life in the journal, its label too when it is gone", async () => {
    const client = await it.client();
    const { id } = await field(client, { is_searchable: true });
    await client.patch(`${path}/${id}`, { label: "Points", is_active: false });
    await client.delete(`${path}/${id}`);
    const [created, updated, deleted] = await changesOf(id);
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

describe("a default field", () => {
  test("is found by its defaultId", async () => {
    const client = await it.client();
    const { body } = await client.get(`${path}/email`);
    expect(body.data).toMatchObject({ defaultId: "email", isDefault: true, type: "EMAIL", label: "E-mail" });
    expect((await client.get(`${path}/${body.data.id}`)).body).toEqual(body);
  });

  test("can be relabelled, reordered, made mandatory, unique, searchable and inactive", async () => {
    const client = await it.client();
    const change = {
      label: "Mail",
      order_index: 99,
      is_mandatory: true,
      is_unique: true,
      is_searchable: true,
      is_active: false,
    };
    const { status, body } = await client.patch(`${path}/email`, change);
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
    const client = await it.client();
    const retyped = await client.patch(`${path}/firstName`, { type: "TEXTAREA" });
    expect(retyped.status).toBe(400);
    expect(retyped.body.errorCode).toBe("FIELD_PROTECTED");
    const deleted = await client.delete(`${path}/firstName`);
    expect(deleted.status).toBe(400);
    expect(deleted.body.errorCode).toBe("FIELD_PROTECTED");
  });
});

describe("select options", () => {
  test("are texts or objects, in their order", async () => {
    const client = await it.client();
    const { selectOptions } = await field(client, {
      type: "MULTI_SELECT",
      select_options: ["red", { value: "blue", label: "Blue" }, { value: "green", order_index: 0 }],
    });
    expect(selectOptions).toMatchObject([
      { value: "red", label: "red", orderIndex: 0, isActive: true },
      { value: "green", label: "green", orderIndex: 0, isActive: true },
      { value: "blue", label: "Blue", orderIndex: 1, isActive: true },
    ]);
    expect(Object.keys(selectOptions[0])).toEqual(["id", "value", "label", "orderIndex", "isActive"]);
  });

  test("belong to fields that are chosen from, which have at least one to choose", async () => {
    const client = await it.client();
    const place = { status: 400, body: { select_options: expect.any(String) } };
    const none = [undefined, [], [{ value: "a", is_active: false }]];
    for (const select_options of none) {
      const refused = await client.post(path, { label: "Colour", type: "SELECT", select_options });
      expect(faults(refused)).toEqual(place);
    }
    const text = await client.post(path, { label: "Colour", type: "TEXT", select_options: ["a"] });
    expect(faults(text)).toEqual(place);
  });

  test("keep their ids when they are named by id or by value", async () => {
    const client = await it.client();
    const { id, selectOptions } = await field(client, { type: "SELECT", select_options: ["a", "b"] });
    const [a, b] = selectOptions;
    const { body } = await client.patch(`${path}/${id}`, {
      select_options: ["b", { id: a.id, value: "a", label: "A" }, "c"],
    });
    expect(body.data.selectOptions).toMatchObject([
      { id: b.id, value: "b" },
      { id: a.id, value: "a", label: "A" },
      { value: "c" },
    ]);
  });

  test("that are removed stay with the customers that have them, and only as long", async () => {
    const client = await it.client();
    for (const type of ["SELECT", "MULTI_SELECT"]) {
      const { id } = await field(client, { label: type, type, select_options: ["a", "b", "c"] });
      const written = type === "SELECT" ? { value: "a" } : { values: ["a"] };
      const customer = await client.post("/v1/enterprise-customers", { customfields: [{ id, ...written }] });
      const at = `/v1/enterprise-customers/${customer.body.data.id}`;
      const { body } = await client.patch(`${path}/${id}`, { select_options: ["b"] });
      expect(body.data.selectOptions).toMatchObject([
        { value: "b", isActive: true },
        { value: "a", isActive: false },
      ]);
      expect((await client.patch(at, { customfields: [{ id, ...written }] })).status).toBe(200);
      const anew = await client.post("/v1/enterprise-customers", { customfields: [{ id, ...written }] });
      expect(anew.body.errorCode).toBe("FIELD_VALUE_INVALID");

      const again = await client.patch(`${path}/${id}`, { select_options: ["b"] });
      expect(again.body).toEqual(body);
      await client.patch(at, { customfields: [{ id, value: "" }] });
      const gone = await client.patch(`${path}/${id}`, { select_options: ["b"] });
      expect(gone.body.data.selectOptions).toMatchObject([{ value: "b", isActive: true }]);
    }
  });

  test("that get another value take their customers along", async () => {
    const client = await it.client();
    const { id, selectOptions } = await field(client, { type: "MULTI_SELECT", select_options: ["a", "b"] });
    const [a, b] = selectOptions;
    const created = await client.post("/v1/enterprise-customers", {
      customfields: [{ id, values: ["a", "b"] }],
    });
    const customerId = created.body.data.id;
    const swapped = await client.patch(`${path}/${id}`, {
      select_options: [
        { id: a.id, value: "b" },
        { id: b.id, value: "z" },
      ],
    });
    expect(swapped.body.data.selectOptions).toMatchObject([
      { id: a.id, value: "b" },
      { id: b.id, value: "z" },
    ]);
    const { body } = await client.get(`/v1/enterprise-customers/${customerId}`);
    expect(body.data.fields[0].values).toEqual(["b", "z"]);
    expect((await changesOf(customerId)).at(-1)).toMatchObject({
      version: 2,
      reason: "option_renamed",
      before: { values: { [id]: ["a", "b"] } },
      after: { values: { [id]: ["b", "z"] } },
    });
  });
});

describe("a field's validation", () => {
  test("has only what means something for its type", async () => {
    const client = await it.client();
    const refused = async (type: string, validation: object) =>
      Object.keys(faults(await client.post(path, { label: "F", type, validation })).body ?? {});
    expect(await refused("NUMBER", { minLength: 1, pattern: "a" })).toEqual([
      "validation.minLength",
      "validation.pattern",
    ]);
    expect(await refused("DATE", { min: 1 })).toEqual(["validation.min"]);
    expect(await refused("PHONE", { pattern: ".*" })).toEqual(["validation.pattern"]);
    expect(await refused("TEXT", { max: 1 })).toEqual(["validation.max"]);
    expect(await refused("TEXT", { minLength: 3, maxLength: 2 })).toEqual(["validation.minLength"]);
    expect(await refused("NUMBER", { min: 3, max: 2 })).toEqual(["validation.min"]);
  });

  test("has a pattern that the linear engine takes, or says why it does not", async () => {
    const client = await it.client();
    const post = (pattern: string) =>
      client.post(path, { label: "Code", type: "TEXT", validation: { pattern } });
    const open = await post("(ab");
    expect(open.status).toBe(400);
    expect(open.body.details.body["validation.pattern"]).toContain("missing closing )");
    const lookbehind = await post("(?<=a)b");
    expect(lookbehind.status).toBe(400);
    const large = await post("\\pL{900}\\pL{900}");
    expect(large.body.details.body["validation.pattern"]).toContain("too large");
    const nested = await post("(a+)+$");
    expect(nested.status).toBe(201);
    const { id } = nested.body.data;
    const value = `${"a".repeat(4_000)}!`;
    const customer = await client.post("/v1/enterprise-customers", { customfields: [{ id, value }] });
    expect(customer.body.errorCode).toBe("FIELD_VALUE_INVALID");
  });

  test("is for new writes: stored values stay", async () => {
    const client = await it.client();
    const { id } = await field(client, {});
    const { body } = await client.post("/v1/enterprise-customers", { customfields: [{ id, value: "long" }] });
    const tightened = await client.patch(`${path}/${id}`, { validation: { maxLength: 2 } });
    expect(tightened.status).toBe(200);
    const kept = await client.get(`/v1/enterprise-customers/${body.data.id}`);
    expect(kept.body).toEqual(body);
    const anew = await client.post("/v1/enterprise-customers", { customfields: [{ id, value: "long" }] });
    expect(anew.body.errorCode).toBe("FIELD_VALUE_INVALID");
  });
});
