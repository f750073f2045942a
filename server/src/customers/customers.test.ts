import { describe, expect, test } from "vitest";
import { startApp } from "../testing/start-app.ts";

const app = startApp();

const fields = (values: Record<string, string | null>) =>
  Object.entries(values).map(([id, value]) => ({ id, value }));

describe("customers", () => {
  test("returns the created customer with derived attributes", async () => {
    const client = await app.client();
    const created = await client.post("/v1/enterprise-customers", {
      external_id: "K-1",
      customfields: fields({
        firstName: "Jürgen",
        lastName: "Müller",
        email: "juergen@example.com",
        mobilePhone: '{"number":"123456789","country":"DE"}',
      }),
    });
    expect(created.status).toBe(201);
    const { data } = created.body;
    expect(Object.keys(data)).toEqual([
      "id",
      "externalId",
      "globalId",
      "firstName",
      "lastName",
      "fullName",
      "companyName",
      "email",
      "phone",
      "tags",
      "totalBookings",
      "avatarUrl",
      "firstLetters",
      "fields",
      "createdAt",
      "updatedAt",
      "ts",
    ]);
    expect(data).toMatchObject({
      externalId: "K-1",
      globalId: null,
      fullName: "Jürgen Müller",
      firstLetters: "JM",
      phone: { phone: "+49123456789", number: "123456789", code: "DE" },
      tags: [],
      totalBookings: 0,
    });
    expect(data.fields.map((field: { defaultId: string }) => field.defaultId)).toEqual([
      "firstName",
      "lastName",
      "email",
      "mobilePhone",
    ]);
    const fetched = await client.get(`/v1/enterprise-customers/${data.id}`);
    expect(fetched.body).toEqual(created.body);
    const byExternalId = await client.get("/v1/enterprise-customers/K-1?external=1");
    expect(byExternalId.body).toEqual(created.body);
  });

  test("hides customers of other enterprises like missing ones", async () => {
    const owner = await app.client();
    const other = await app.client();
    const { body } = await owner.post("/v1/enterprise-customers", {
      customfields: fields({ firstName: "Ann" }),
    });
    const foreign = await other.get(`/v1/enterprise-customers/${body.data.id}`);
    const missing = await other.get("/v1/enterprise-customers/0123456789abcdef01234567");
    expect(foreign.status).toBe(404);
    expect(foreign.text).toBe(missing.text);
  });

  test("journals update and delete, and no entry for an unchanged update", async () => {
    const client = await app.client();
    const { body } = await client.post("/v1/enterprise-customers", {
      external_id: "K-1",
      customfields: fields({ firstName: "Ann", lastName: "Lee" }),
    });
    const path = `/v1/enterprise-customers/${body.data.id}`;
    const patched = await client.patch(path, { customfields: fields({ lastName: "Ray" }) });
    expect(patched.body.data).toMatchObject({ fullName: "Ann Ray" });
    const same = await client.patch(path, { customfields: fields({ lastName: "Ray" }) });
    expect(same.headers["etag"]).toBe(patched.headers["etag"]);
    expect((await client.delete(path)).body).toEqual({ data: { id: body.data.id }, status: 1 });
    expect((await client.get(path)).status).toBe(404);
    const again = await client.post("/v1/enterprise-customers", { external_id: "K-1" });
    expect(again.status).toBe(201);
    const { rows } = await app.database.admin.query(
      "select kind, version from changes where subject_id = $1 order by number",
      [body.data.id],
    );
    expect(rows).toEqual([
      { kind: "created", version: 1 },
      { kind: "updated", version: 2 },
      { kind: "deleted", version: 3 },
    ]);
  });

  test("rejects a taken external id with the id of its customer", async () => {
    const client = await app.client();
    const first = await client.post("/v1/enterprise-customers", { external_id: "K-1" });
    const second = await client.post("/v1/enterprise-customers", { external_id: "K-1" });
    expect(second.status).toBe(409);
    expect(second.body).toMatchObject({ name: "ConflictError", errorCode: "EXTERNAL_ID_TAKEN" });
    expect(second.body.details.body.external_id).toContain(first.body.data.id);
  });

  test("reports every error of shape and value at once", async () => {
    const client = await app.client();
    const answer = await client.post("/v1/enterprise-customers", {
      colour: "blue",
      customfields: [{ id: "email", value: "no" }, { id: 7 }, { id: "shoeSize", value: "39" }],
      external_id: "import",
      tag_ids: ["0123456789abcdef01234567"],
    });
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.body.details.body).sort()).toEqual([
      "colour",
      "customfields.0.value",
      "customfields.1.id",
      "customfields.2.id",
      "external_id",
      "tag_ids.0",
    ]);
  });
});
