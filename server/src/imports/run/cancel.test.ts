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

const file = csv("external_id", ...Array.from({ length: 5_001 }, (_, at) => `K-${at}`));
const cancel = (id: string) => client.post(`/v1/customer-imports/${id}/cancel`, {});

describe("an import that is cancelled", () => {
  test("before it starts writes nothing", async () => {
    const id = await imports.send(file);
    expect(await cancel(id)).toMatchObject({ status: 200, body: { data: { phase: "cancelled" } } });
    await registry.work();
    expect(await imports.job(id)).toMatchObject({ phase: "cancelled", rowsRead: 0 });
    expect(await cancel(id)).toMatchObject({ status: 200, body: { data: { phase: "cancelled" } } });
    // Sent again it is another one.
    expect(await imports.send(file)).not.toBe(id);
    await registry.work();
  });

  test("while it writes keeps the written rows, which can be undone", async () => {
    const id = await imports.send(file);
    await imports.stepUntil(id, "applying", 1);
    expect(await cancel(id)).toMatchObject({ status: 200, body: { data: { phase: "applying" } } });
    await registry.work();
    expect(await imports.job(id)).toMatchObject({ phase: "cancelled", created: 2_500, rowsRead: 2_500 });
    expect(Object.keys(await imports.customers())).toHaveLength(2_500);
    expect(await imports.undone(id)).toMatchObject({ phase: "completed", deleted: 2_500, failed: 0 });
    expect(await imports.customers()).toEqual({});
  });

  test("while it is planned deletes its planning data", async () => {
    const id = await imports.send(file, { dry_run: "1" });
    await imports.stepUntil(id, "planning", 1);
    await cancel(id);
    await registry.work();
    expect(await imports.job(id)).toMatchObject({ phase: "cancelled", dryRun: true });
    const { rows } = await registry.database.admin.query(
      "select from planned_customers where import_id = $1",
      [id],
    );
    expect(rows).toHaveLength(0);
    const refused = await client.post(`/v1/customer-imports/${id}/apply`, {});
    expect(refused).toMatchObject({ status: 409, body: { errorCode: "IMPORT_NOT_READY" } });
  });

  test("when it is an undo keeps the rest as imported", async () => {
    const job = await imports.imported(file);
    const undo = await imports.asked(job.id, "undo");
    await imports.stepUntil(undo, "undoing", 1);
    await cancel(undo);
    await registry.work();
    expect(await imports.job(undo)).toMatchObject({ phase: "cancelled", deleted: 1 });
    expect(await imports.job(job.id)).toMatchObject({ undoneBy: null });
    expect(await imports.undone(job.id)).toMatchObject({ phase: "completed", deleted: 5_000, failed: 1 });
  });

  test("after its end is refused", async () => {
    const job = await imports.imported(csv("external_id", "K-1"));
    expect(await cancel(job.id)).toMatchObject({ status: 409, body: { errorCode: "IMPORT_NOT_READY" } });
  });
});
