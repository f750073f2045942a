import { beforeEach, describe, expect, test } from "vitest";
import { csv, importsOf } from "../../testing/import-work.ts";
import { type Client, startApp } from "../../testing/start-app.ts";

const registry = startApp();

let client: Client;
let imports: ReturnType<typeof importsOf>;
beforeEach(async () => {
  client = await registry.client();
  imports = importsOf(registry, client);
});

const atomic = { atomic: "1" };
const lines = (count: number) => Array.from({ length: count }, (_, at) => `K-${at},Name ${at}`);

describe("an atomic import", () => {
  test("writes all rows", async () => {
    const job = await imports.imported(csv("external_id,Last name", ...lines(5_001)), atomic);
    expect(job).toMatchObject({
      phase: "completed",
      dryRun: false,
      created: 5_001,
      rowsRead: 5_001,
      progress: 1,
    });
    expect(Object.keys(await imports.customers())).toHaveLength(5_001);
    const [first] = await imports.rows(job.id, { limit: "1" });
    expect(first).toMatchObject({ outcome: "created", id: expect.any(String), changes: [] });
  });

  test("writes nothing when the last row has an error, and becomes a plan", async () => {
    const job = await imports.imported(
      csv(
        "external_id,Last name,Email,Shoe size",
        ...lines(5_000).map((line) => `${line},,38`),
        "K,N,nonsense,38",
      ),
      { ...atomic, create_fields: "1" },
    );
    expect(job).toMatchObject({ phase: "failed", problem: { code: "ROW_NOT_WRITTEN" }, failed: 1 });
    expect(await imports.customers()).toEqual({});
    expect(await imports.rows(job.id, { outcome: "failed" })).toMatchObject([
      { index: 5_000, errors: [{ path: "Email", code: "FIELD_VALUE_INVALID" }] },
    ]);
    const [first] = await imports.rows(job.id, { limit: "1" });
    expect(first).toMatchObject({ outcome: "created", id: null });
    const { body } = await client.get("/v1/enterprise-customers/customfields", { query: { q: "Shoe size" } });
    expect(body.data).toEqual([]);
    const refused = await client.post(`/v1/customer-imports/${job.id}/undo`, {});
    expect(refused).toMatchObject({ status: 409, body: { errorCode: "IMPORT_NOT_READY" } });
  });

  test("that is cancelled while it is planned has written nothing, and says that it was a plan", async () => {
    const id = await imports.send(csv("external_id,Last name", ...lines(5_001)), atomic);
    await imports.stepUntil(id, "planning", 1);
    await client.post(`/v1/customer-imports/${id}/cancel`, {});
    await registry.work();
    expect(await imports.job(id)).toMatchObject({ phase: "cancelled", dryRun: true });
    expect(await imports.customers()).toEqual({});
  });

  test("that is cancelled while it writes can be undone as far as it came", async () => {
    await imports.imported(csv("external_id,Last name", "K-4000,Before"));
    const id = await imports.send(csv("external_id,Last name", ...lines(5_001)), atomic);
    await imports.stepUntil(id, "applying", 1);
    await client.post(`/v1/customer-imports/${id}/cancel`, {});
    await registry.work();
    expect(await imports.job(id)).toMatchObject({ phase: "cancelled", created: 2_500 });
    expect(await imports.undone(id)).toMatchObject({ deleted: 2_500, updated: 0, failed: 0 });
    expect(await imports.customers("lastName")).toEqual({ "K-4000": "Before" });
  });

  test("takes rows of one customer in several chunks as they come", async () => {
    const job = await imports.imported(
      csv("external_id,Last name", "K-0,First", ...lines(2_500), "K-0,Last"),
      atomic,
    );
    expect(job).toMatchObject({ phase: "completed", created: 2_500, updated: 2, failed: 0 });
    expect((await imports.customers("lastName"))["K-0"]).toBe("Last");
  });

  test("undoes its writes when a customer changes meanwhile", async () => {
    await imports.imported(csv("external_id,Last name", "K-0,Before", "K-3000,Before"));
    const id = await imports.send(csv("external_id,Last name", ...lines(5_001)), atomic);
    await imports.stepUntil(id, "applying", 1);
    await client.patch("/v1/enterprise-customers/K-3000?external=1", {
      customfields: [{ id: "firstName", value: "Between" }],
    });
    await registry.work();
    expect(await imports.job(id)).toMatchObject({
      phase: "failed",
      problem: { code: "IMPORT_PLAN_OUTDATED", message: expect.stringContaining("is being undone") },
      undoneBy: expect.any(String),
    });
    expect(await imports.customers("firstName", "lastName")).toEqual({
      "K-0": " Before",
      "K-3000": "Between Before",
    });
    const { undoneBy } = await imports.job(id);
    expect(await imports.job(undoneBy)).toMatchObject({
      updated: 1,
      deleted: 2_499,
      failed: 0,
      rowsRead: 2_500,
    });
    const { body } = await client.get("/v1/enterprise-customers/K-3000/history?external=1");
    expect(body.total).toBe(2);
  });
});
