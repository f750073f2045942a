import { beforeEach, describe, expect, test } from "vitest";
import { csv, importsOf } from "../../testing/import-work.ts";
import { type Client, startApp } from "../../testing/start-app.ts";

const registry = startApp();
const customers = "/v1/enterprise-customers";

let client: Client;
let imports: ReturnType<typeof importsOf>;
beforeEach(async () => {
  client = await registry.client();
  imports = importsOf(registry, client);
});

const codes = (rows: { errors: { code: string }[] }[]) =>
  rows.flatMap(({ errors }) => errors.map(({ code }) => code));
const one = (externalId: string) => `${customers}/${externalId}?external=1`;

describe("an undo", () => {
  test("deletes the created customers and restores the updated ones", async () => {
    const tagId = (await client.post("/v1/customer-tags", { name: "VIP" })).body.data.id;
    await client.post(customers, {
      external_id: "K-1",
      import_customer_id: "I-1",
      booker_id: "B-1",
      tag_ids: [tagId],
      customfields: [
        { id: "lastName", value: "Lovelace" },
        { id: "email", value: "ada@example.com" },
      ],
    });
    const before = (await client.get(one("K-1"))).body.data;
    const job = await imports.imported(
      csv(
        "external_id,import_customer_id,booker_id,tags,Last name,Email,City",
        "K-1,I-2,B-2,,Byron,,London",
        "K-2,,,,Hopper,,",
      ),
      { empty: "clear" },
    );
    expect(job).toMatchObject({ phase: "completed", created: 1, updated: 1 });
    const undo = await imports.undone(job.id);
    expect(undo).toMatchObject({
      kind: "undo",
      undoes: job.id,
      phase: "completed",
      deleted: 1,
      updated: 1,
      failed: 0,
      rowsTotal: 2,
      rowsRead: 2,
    });
    expect((await imports.job(job.id)).undoneBy).toBe(undo.id);
    const { version: _, updatedAt: __, ts: ___, ...after } = (await client.get(one("K-1"))).body.data;
    expect(before).toMatchObject(after);
    expect(await imports.customers()).toEqual({ "K-1": "" });
    const { body } = await client.get(`${customers}/${before.id}/history`);
    expect(body.data.map(({ reason }: { reason: string }) => reason)).toEqual(["undo", "import", "request"]);
    expect(body.data[0].changes).toEqual(
      body.data[1].changes.map((change: { before: unknown; after: unknown }) => ({
        ...change,
        before: change.after,
        after: change.before,
      })),
    );
  });

  test("keeps customers that have changed since, with a reason", async () => {
    await imports.imported(csv("external_id,Last name", "U-1,Before", "U-2,Before"));
    const job = await imports.imported(
      csv("external_id,Last name", "C-1,New", "C-2,New", "C-3,New", "C-4,New", "U-1,After", "U-2,After"),
    );
    await client.patch(one("C-1"), { booker_id: "since" });
    await client.delete(one("C-2"));
    await client.post(`${customers}/C-3/events?external=1`, { start_date: "2026-01-31" });
    await client.patch(one("U-1"), { booker_id: "since" });
    const undo = await imports.undone(job.id);
    expect(undo).toMatchObject({ phase: "completed", deleted: 1, updated: 1, failed: 4 });
    const failed = await imports.rows(undo.id, { outcome: "failed" });
    expect(failed.map(({ line, errors: [{ code, message }] }) => [line, code, message])).toEqual([
      [2, "CUSTOMER_CHANGED_SINCE", "has been changed since"],
      [3, "CUSTOMER_CHANGED_SINCE", "has been deleted since"],
      [4, "CUSTOMER_CHANGED_SINCE", "has new bookings since"],
      [6, "CUSTOMER_CHANGED_SINCE", "has been changed since"],
    ]);
    expect(await imports.customers("lastName")).toEqual({
      "C-1": "New",
      "C-3": "New",
      "U-1": "After",
      "U-2": "Before",
    });
  });

  test("does not restore ids and values that other customers use now", async () => {
    await client.patch(`${customers}/customfields/email`, { is_unique: true });
    const made = csv(
      "id,external_id,import_customer_id,Email",
      ",A,I-A,a@example.com",
      ",B,I-B,b@example.com",
      ",C,I-C,c@example.com",
    );
    await imports.imported(made);
    const ids = Object.fromEntries(
      (await client.get(customers)).body.data.map((value: { externalId: string; id: string }) => [
        value.externalId,
        value.id,
      ]),
    );
    const job = await imports.imported(
      csv(
        "id,external_id,import_customer_id,Email",
        `${ids["A"]},A2,I-A,a@example.com`,
        `${ids["B"]},B,I-B2,b@example.com`,
        `${ids["C"]},C,I-C,c2@example.com`,
      ),
      { match_on: "id" },
    );
    expect(job).toMatchObject({ updated: 3, failed: 0 });
    await client.post(customers, { external_id: "A" });
    await client.post(customers, { import_customer_id: "I-B" });
    await client.post(customers, { customfields: [{ id: "email", value: "C@example.com" }] });
    const undo = await imports.undone(job.id);
    expect(undo).toMatchObject({ phase: "completed", updated: 0, failed: 3 });
    expect(codes(await imports.rows(undo.id))).toEqual([
      "EXTERNAL_ID_TAKEN",
      "IMPORT_ID_TAKEN",
      "FIELD_VALUE_TAKEN",
    ]);
  });

  test("gives names back to whom they were swapped from, and to new ones' owners", async () => {
    await client.patch(`${customers}/customfields/email`, { is_unique: true });
    const [a, b, c] = await Promise.all(
      ["A", "B", "C"].map(
        async (name) =>
          (
            await client.post(customers, {
              external_id: name,
              customfields: [{ id: "email", value: `${name}@example.com` }],
            })
          ).body.data.id,
      ),
    );
    const before = await imports.customers("email");
    const job = await imports.imported(
      csv(
        "id,external_id,Email",
        `${a},X,`,
        `${b},A,A@example.com`,
        `${a},B,B@example.com`,
        `${c},C2,c2@example.com`,
        ",C,C@example.com",
      ),
      { match_on: "id", empty: "clear" },
    );
    expect(job).toMatchObject({ phase: "completed", updated: 4, created: 1, failed: 0 });
    const undo = await imports.undone(job.id);
    expect(undo).toMatchObject({ phase: "completed", updated: 3, deleted: 1, failed: 0 });
    expect(await imports.customers("email")).toEqual(before);
    expect((await client.get(one("A"))).body.data.id).toBe(a);
  });

  test("requested twice is one job, and can be requested again after a cancel", async () => {
    const job = await imports.imported(csv("external_id", "K-1"));
    const cancelled = await imports.asked(job.id, "undo");
    await client.post(`/v1/customer-imports/${cancelled}/cancel`, {});
    const undo = await imports.asked(job.id, "undo");
    expect(undo).not.toBe(cancelled);
    expect(await imports.asked(job.id, "undo")).toBe(undo);
    await registry.work();
    expect(await imports.asked(job.id, "undo")).toBe(undo);
    expect(await imports.customers()).toEqual({});
    const refused = await client.post(`/v1/customer-imports/${undo}/undo`, {});
    expect(refused).toMatchObject({ status: 409, body: { errorCode: "IMPORT_NOT_READY" } });
  });

  test("restores customers that several chunks changed to their state before the first", async () => {
    await imports.imported(csv("external_id,Last name", "K-0,Zero", "K-1,One", "K-2,Two"));
    const job = await imports.imported(
      csv(
        "external_id,Last name",
        "K-0,A",
        "K-1,A",
        "K-2,A",
        "N-1,A",
        ...Array.from({ length: 2_500 }, (_, at) => `M-${at},M`),
        "K-0,B",
        "K-1,Zero",
        "N-1,B",
        ...Array.from({ length: 2_500 }, (_, at) => `M-${at},N`),
        "K-0,C",
        "K-2,C",
      ),
    );
    expect(job).toMatchObject({ phase: "completed", created: 2_501, updated: 2_508 });
    await client.patch(one("K-2"), { booker_id: "since" });
    const undo = await imports.undone(job.id);
    expect(undo).toMatchObject({ phase: "completed", deleted: 2_501, updated: 2, failed: 1 });
    expect(await imports.customers("lastName")).toEqual({ "K-0": "Zero", "K-1": "One", "K-2": "C" });
  });

  test("continues after each interruption, and processes each customer once", async () => {
    await imports.imported(csv("external_id,Last name", "K-0,Zero"));
    const job = await imports.imported(
      csv("external_id,Last name", ...Array.from({ length: 5_001 }, (_, at) => `K-${at},New`)),
    );
    const undo = await imports.asked(job.id, "undo");
    await imports.stepUntil(undo, "completed", 3);
    expect(await imports.job(undo)).toMatchObject({ deleted: 5_000, updated: 1, failed: 0, rowsRead: 5_001 });
    expect(await imports.customers("lastName")).toEqual({ "K-0": "Zero" });
    await registry.work();
  });

  test("does not restore values of a deleted field", async () => {
    const { body } = await client.post(`${customers}/customfields`, { label: "Shoe size", type: "TEXT" });
    await imports.imported(csv("external_id,Last name,Shoe size", "K-1,One,38"));
    const job = await imports.imported(csv("external_id,Last name,Shoe size", "K-1,Two,39"));
    await client.delete(`${customers}/customfields/${body.data.id}`);
    const undo = await imports.undone(job.id);
    // The deletion has changed the customer since.
    expect(undo).toMatchObject({ phase: "completed", updated: 0, failed: 1 });
  });
});
