import { describe, expect, test } from "vitest";
import { createCompany } from "../../companies/provision.ts";
import { type Client, startApp } from "../../testing/start-app.ts";

let now = new Date("2026-01-01T10:00:00Z");
const app = startApp({ clock: () => now });
const path = "/v1/enterprise-customers";
const missingId = "0123456789abcdef01234567";

const historyOf = (client: Client, id: string, query: Record<string, string> = {}) =>
  client.get(`${path}/${id}/history`, { query });

const fieldIdOf = async (client: Client, defaultId: string): Promise<string> => {
  const { rows } = await app.database.admin.query(
    "select id from custom_fields where enterprise_id = $1 and default_id = $2",
    [client.enterpriseId, defaultId],
  );
  return rows[0].id;
};

const values = (written: Record<string, string | null>) =>
  Object.entries(written).map(([id, value]) => ({ id, value }));

describe("a customer as of a time", () => {
  const asOf = async (client: Client, id: string, as_of: string, query = {}) => {
    const { status, body } = await historyOf(client, id, { as_of, ...query });
    expect(status, JSON.stringify(body)).toBe(200);
    return body;
  };

  test("comes with the newest change up to that time", async () => {
    now = new Date("2026-01-01T10:00:00Z");
    const client = await app.client();
    const created = await client.post(path, {
      external_id: "K-1",
      customfields: values({ firstName: "Ann" }),
    });
    const { id, totalBookings: _, ...first } = created.body.data;
    now = new Date("2026-01-01T10:01:00Z");
    const patched = await client.patch(`${path}/${id}`, {
      external_id: "K-2",
      customfields: values({ city: "Rome" }),
    });
    const { totalBookings: __, ...second } = patched.body.data;
    now = new Date("2026-01-01T10:02:00Z");
    await client.delete(`${path}/${id}`);
    const all = (await historyOf(client, id)).body.data;

    expect((await asOf(client, id, "2026-01-01T10:00:59Z")).data).toEqual([
      { ...all[2], customer: { id, ...first } },
    ]);
    const later = await asOf(client, id, "2026-01-01T10:01:00Z");
    expect(later).toMatchObject({ total: 2 });
    expect(later.data).toEqual([{ ...all[1], customer: second }, all[2]]);
    expect((await asOf(client, id, "2026-01-01T10:01:00Z", { limit: "1", page: "2" })).data).toEqual([
      all[2],
    ]);
  });

  test("is not found before its creation or while it is deleted", async () => {
    now = new Date("2026-01-01T10:00:00Z");
    const client = await app.client();
    const { id } = (await client.post(path, { booker_id: "B-1" })).body.data;
    now = new Date("2026-01-01T10:01:00Z");
    await client.delete(`${path}/${id}`);
    now = new Date("2026-01-01T10:02:00Z");
    const restored = await client.post(`${path}/${id}/restore`, {});
    const refused = async (as_of: string) => {
      const { status, body } = await historyOf(client, id, { as_of });
      return [status, body.errorCode, body.error];
    };
    expect(await refused("2025-12-31")).toEqual([
      404,
      "CUSTOMER_NOT_FOUND",
      "There is no such customer: it did not exist yet.",
    ]);
    expect(await refused("2026-01-01T10:01:59Z")).toEqual([
      404,
      "CUSTOMER_NOT_FOUND",
      "There is no such customer: it was deleted at that time.",
    ]);
    const { totalBookings: _, ...customer } = restored.body.data;
    const { data } = await asOf(client, id, "2026-01-01");
    expect(data[0]).toMatchObject({ reason: "restore", customer });
    expect((await historyOf(client, missingId, { as_of: "2026-01-01" })).body.error).toBe(
      "There is no such customer.",
    );
    expect((await historyOf(client, id, { as_of: "2026-02-30" })).status).toBe(400);
  });

  test("includes deleted fields and tags by their last names, and values of their type at the time", async () => {
    now = new Date("2026-01-01T10:00:00Z");
    const client = await app.client();
    const field = async (body: object) => (await client.post(`${path}/customfields`, body)).body.data.id;
    const [deletedField, several, retyped] = [
      await field({ label: "Shoe size", type: "NUMBER" }),
      await field({ label: "Likes", type: "MULTI_SELECT", select_options: ["tea", "milk"] }),
      await field({ label: "Drink", type: "MULTI_SELECT", select_options: ["tea"] }),
    ];
    const tagId = (await client.post("/v1/customer-tags", { name: "Old" })).body.data.id;
    const created = await client.post(path, {
      tag_ids: [tagId],
      customfields: [
        { id: deletedField, value: "42" },
        { id: several, values: ["milk"] },
        { id: retyped, values: ["tea"] },
      ],
    });
    const { totalBookings: _, ...customer } = created.body.data;
    now = new Date("2026-01-01T10:01:00Z");
    await client.patch(`/v1/customer-tags/${tagId}`, { name: "Gone" });
    await client.patch(`${path}/customfields/${deletedField}`, { label: "Size", type: "TEXT" });
    await client.patch(`${path}/customfields/${retyped}`, { type: "TEXT" });
    await client.delete(`/v1/customer-tags/${tagId}`);
    for (const id of [deletedField, several]) await client.delete(`${path}/customfields/${id}`);

    const { data } = await asOf(client, customer.id, "2026-01-01T10:00:00Z");
    const [size, likes, drink] = customer.fields;
    expect(data[0].customer).toEqual({
      ...customer,
      tags: [{ id: tagId, name: "Gone" }],
      fields: expect.arrayContaining([{ ...size, label: "Size" }, likes, drink]),
    });
    expect(data[0].customer.fields).toHaveLength(3);
  });

  test("is not found beyond journal retention, while an existing customer still has a history", async () => {
    now = new Date("2026-01-01T10:00:00Z");
    const client = await app.client();
    const { id } = (await client.post(path, {})).body.data;
    await client.patch(`${path}/${id}`, { booker_id: "B-1" });
    const forget = (version: number) =>
      app.database.admin.query("delete from changes where subject_id = $1 and version = $2", [id, version]);
    await forget(1);
    expect((await historyOf(client, id, { as_of: "2025-01-01" })).body.error).toBe(
      "There is no such customer: it has no history that far back.",
    );
    await forget(2);
    expect((await historyOf(client, id)).body).toMatchObject({ total: 0, data: [] });
    expect((await client.post(`${path}/${id}/restore`, {})).status).toBe(200);
  });
});

describe("a customer's history", () => {
  test("lists changes newest first, with time, app and company", async () => {
    const client = await app.client({ name: "Till" });
    const { enterpriseId, appId } = client;
    const companyId = await createCompany(
      app.database.operator,
      enterpriseId,
      { name: "Berlin" },
      new Date(),
    );
    const tagId = (await client.post("/v1/customer-tags", { name: "VIP" })).body.data.id;
    const [firstName, lastName] = [await fieldIdOf(client, "firstName"), await fieldIdOf(client, "lastName")];

    const created = await client.post(path, {
      external_id: "K-1",
      import_customer_id: "I-1",
      customfields: values({ firstName: "Ann", lastName: "Lee" }),
    });
    const { id } = created.body.data;
    const patched = await client.patch(
      `${path}/${id}`,
      { external_id: "", tag_ids: [tagId], booker_id: "B-1", customfields: values({ lastName: null }) },
      { headers: { "company-id": companyId } },
    );
    const { body } = await historyOf(client, id);
    expect(body).toMatchObject({
      total: 2,
      meta: { page: 1, limit: 10_000, totalItems: 2, totalPages: 1 },
      status: 1,
    });
    expect(body.data).toEqual([
      {
        id: expect.stringMatching(/^\d+$/),
        at: patched.body.data.updatedAt,
        kind: "updated",
        reason: "request",
        version: 2,
        appId,
        appName: "Till",
        personId: null,
        personName: "",
        companyId,
        importId: null,
        importLine: null,
        requestId: patched.headers["x-request-id"],
        changes: [
          { attribute: "externalId", label: "", before: "K-1", after: null },
          { attribute: "bookerId", label: "", before: null, after: "B-1" },
          { attribute: "tags", label: "", before: null, after: ["VIP"] },
          { attribute: `fields.${lastName}`, label: "Last name", before: "Lee", after: null },
        ],
      },
      {
        id: expect.stringMatching(/^\d+$/),
        at: created.body.data.updatedAt,
        kind: "created",
        reason: "request",
        version: 1,
        appId,
        appName: "Till",
        personId: null,
        personName: "",
        companyId: null,
        importId: null,
        importLine: null,
        requestId: created.headers["x-request-id"],
        changes: [
          { attribute: "externalId", label: "", before: null, after: "K-1" },
          { attribute: "importCustomerId", label: "", before: null, after: "I-1" },
          { attribute: `fields.${firstName}`, label: "First name", before: null, after: "Ann" },
          { attribute: `fields.${lastName}`, label: "Last name", before: null, after: "Lee" },
        ],
      },
    ]);
  });

  test("supports paging and external ids", async () => {
    const client = await app.client();
    const { id } = (await client.post(path, { external_id: "K-1" })).body.data;
    for (const booker_id of ["B-1", "B-2"]) await client.patch(`${path}/${id}`, { booker_id });
    const versions = async (query: Record<string, string>) =>
      (await historyOf(client, "K-1", { external: "1", ...query })).body.data.map(
        (change: { version: number }) => change.version,
      );
    expect(await versions({})).toEqual([3, 2, 1]);
    expect(await versions({ limit: "2" })).toEqual([3, 2]);
    expect(await versions({ limit: "2", page: "2" })).toEqual([1]);
    expect(await versions({ page: "9" })).toEqual([]);
  });

  test("names the import row of a change", async () => {
    const client = await app.client();
    const { body } = await client.post(`${path}/import`, {
      customers: [{ external_id: "K-0" }, { external_id: "K-1" }],
    });
    const [change] = (await historyOf(client, body.data.results[1].id)).body.data;
    expect(change).toMatchObject({ reason: "import", importLine: 1 });
  });

  test("outlives the customer, by id only", async () => {
    const client = await app.client();
    const { id } = (
      await client.post(path, { external_id: "K-1", customfields: values({ firstName: "Ann" }) })
    ).body.data;
    await client.delete(`${path}/${id}`);
    const { data, total } = (await historyOf(client, id)).body;
    expect(total).toBe(2);
    expect(data[0]).toMatchObject({
      kind: "deleted",
      changes: [
        { attribute: "externalId", before: "K-1", after: null },
        { label: "First name", before: "Ann", after: null },
      ],
    });
    expect((await historyOf(client, "K-1", { external: "1" })).status).toBe(404);
  });

  test("names deleted tags and fields", async () => {
    const client = await app.client();
    const tagId = (await client.post("/v1/customer-tags", { name: "Old" })).body.data.id;
    await client.patch(`/v1/customer-tags/${tagId}`, { name: "Gone" });
    const field = await client.post(`${path}/customfields`, { label: "Shoe size", type: "TEXT" });
    const fieldId = field.body.data.id;
    const { id } = (await client.post(path, { tag_ids: [tagId], customfields: values({ [fieldId]: "42" }) }))
      .body.data;
    await client.delete(`/v1/customer-tags/${tagId}`);
    await client.delete(`${path}/customfields/${fieldId}`);

    const { data } = (await historyOf(client, id)).body;
    const entries = data.map(({ reason, changes }: { reason: string; changes: object[] }) => [
      reason,
      ...changes,
    ]);
    const shoeSize = { attribute: `fields.${fieldId}`, label: "Shoe size" };
    expect(entries).toEqual([
      ["field_deleted", { ...shoeSize, before: "42", after: null }],
      ["tag_deleted", { attribute: "tags", label: "", before: ["Gone"], after: null }],
      [
        "request",
        { attribute: "tags", label: "", before: null, after: ["Gone"] },
        { ...shoeSize, before: null, after: "42" },
      ],
    ]);
  });

  test("returns the same 404 for a missing customer and for one of another enterprise", async () => {
    const client = await app.client();
    const other = await app.client();
    const { id } = (await other.post(path, { external_id: "K-1" })).body.data;
    const tagId = (await client.post("/v1/customer-tags", { name: "VIP" })).body.data.id;
    const missing = await historyOf(client, missingId);
    expect(missing.status).toBe(404);
    expect(missing.body.errorCode).toBe("CUSTOMER_NOT_FOUND");
    for (const asked of [
      await historyOf(client, id),
      await historyOf(client, tagId),
      await historyOf(client, "K-1", { external: "1" }),
    ]) {
      expect(asked.text).toBe(missing.text);
    }
  });
});
