import { beforeEach, describe, expect, test } from "vitest";
import { importsOf } from "../../testing/import-work.ts";
import { type Answer, type Client, startApp } from "../../testing/start-app.ts";

const app = startApp();
const customers = "/v1/enterprise-customers";
const path = "/v1/customer-bulk-changes";

let client: Client;
let imports: ReturnType<typeof importsOf>;
beforeEach(async () => {
  client = await app.client();
  imports = importsOf(app, client);
});

const one = (externalId: string) => `${customers}/${externalId}?external=1`;
const tagNamed = async (name: string): Promise<string> =>
  (await client.post("/v1/customer-tags", { name })).body.data.id;

/** K-0, K-1, … in Bonn, every hundredth in Köln. */
async function fill(count: number, more: (at: number) => object = () => ({})) {
  for (let from = 0; from < count; from += 10_000) {
    const rows = Array.from({ length: Math.min(10_000, count - from) }, (_, index) => ({
      external_id: `K-${from + index}`,
      values: { lastName: `Name ${from + index}`, city: index % 100 === 99 ? "Köln" : "Bonn" },
      ...more(from + index),
    }));
    expect((await client.post(`${customers}/import`, rows)).body.data.failed).toBe(0);
  }
}

const idOf = async (externalId: string): Promise<string> => (await client.get(one(externalId))).body.data.id;

const accepted = (answer: Answer): string => {
  expect(answer.status, answer.text).toBe(202);
  return answer.body.data.id;
};

async function changed(body: object) {
  const id = accepted(await client.post(path, body));
  await app.work();
  return imports.job(id);
}

/** Every customer as it is answered, without what a change and its undo leave a trace in. */
async function registry(): Promise<Record<string, unknown>> {
  const { body } = await client.get(customers, { query: { sort: "externalId", fields: "" } });
  return Object.fromEntries(
    body.data.map(
      ({ updatedAt: _, ts: __, ...rest }: { externalId: string; updatedAt: string; ts: number }) => [
        rest.externalId,
        rest,
      ],
    ),
  );
}

const total = async (query: Record<string, string>): Promise<number> =>
  (await client.get(customers, { query: { limit: "1", ...query } })).body.total;

describe("three thousand customers that a query selects", () => {
  test("are tagged, untagged and edited while others are written, and each is undone", async () => {
    const [vip, old] = [await tagNamed("VIP"), await tagNamed("Old")];
    await fill(3_035, (at) => (at % 3 === 0 ? { tag_ids: [old] } : {}));
    const before = await registry();
    const spared = [await idOf("K-0"), await idOf("K-2")];
    const selection = { query: { filter: { city: "Bonn" } }, except_ids: spared };
    const id = accepted(
      await client.post(path, {
        selection,
        expected_count: 3_003,
        change: {
          add_tag_ids: [vip],
          remove_tag_ids: [old],
          customfields: [{ id: "country", value: "DE" }],
        },
      }),
    );
    // Accepted is fixed: who moves away is changed as it is then, who comes later is not.
    await client.patch(one("K-4"), { customfields: [{ id: "city", value: "Ulm" }] });
    await client.post(customers, { external_id: "N-1", customfields: [{ id: "city", value: "Bonn" }] });
    const writing = Array.from({ length: 20 }, (_, at) =>
      client.patch(one(`K-${3_000 - 2 * at}`), { booker_id: `B-${at}` }),
    );
    await Promise.all([app.work(), ...writing]);
    const job = await imports.job(id);
    expect(job).toMatchObject({
      kind: "bulk",
      phase: "completed",
      file: null,
      change: { add_tag_ids: [vip] },
      rowsTotal: 3_003,
      rowsRead: 3_003,
      updated: 3_003,
      failed: 0,
    });
    expect(await total({ tag_ids: vip })).toBe(3_003);
    expect(await total({ tag_ids: old, "filter[city]": "Bonn" })).toBe(1);
    expect((await client.get(one("K-4"))).body.data).toMatchObject({ tags: [{ id: vip }] });
    const [change] = (await client.get(`${customers}/${await idOf("K-6")}/history`)).body.data;
    expect(change).toMatchObject({ reason: "bulk", importId: id });

    // Since then one was given another country, one has lost the tag, one is gone.
    await client.patch(one("K-6"), { customfields: [{ id: "country", value: "AT" }] });
    await client.patch(one("K-8"), { tag_ids: [] });
    await client.delete(one("K-10"));
    const undo = await imports.undone(id);
    expect(undo).toMatchObject({
      kind: "undo",
      undoes: id,
      updated: 3_002,
      failed: 1,
      warned: 0,
      deleted: 0,
    });
    const rows = await imports.rows(undo.id);
    const withIssues = rows.filter((row) => row.errors.length + row.warnings.length > 0);
    const messages = withIssues.map(
      (row) => `${row.outcome}: ${[...row.errors, ...row.warnings][0].message}`,
    );
    expect(messages.sort()).toEqual([
      "failed: has been deleted since",
      "updated: has been changed since",
      "updated: has been changed since",
    ]);
    const after = await registry();
    const others = new Set(["K-4", "K-6", "K-8", "K-10", "N-1"]);
    const without = (all: Record<string, unknown>) =>
      Object.fromEntries(Object.entries(all).filter(([name]) => !others.has(name)));
    expect(without(after)).toEqual(without(before));
    const countryOf = (name: string) =>
      (after[name] as { fields: { defaultId: string; value: string }[] }).fields.find(
        ({ defaultId }) => defaultId === "country",
      )?.value;
    expect([countryOf("K-6"), countryOf("K-8")]).toEqual(["AT", undefined]);
    expect(after["K-6"]).toMatchObject({ tags: [{ id: old }] });
    expect(after["K-8"]).toMatchObject({ tags: [] });
  });

  test("are deleted and come back with their bookings, but for those whose place is taken", async () => {
    await fill(3_002);
    for (const name of ["K-0", "K-4"])
      await client.post(`${customers}/${name}/events?external=1`, {
        type: "booking",
        start_date: "2026-01-31",
      });
    const before = await registry();
    const job = await changed({
      selection: { query: {}, except_ids: [await idOf("K-1")] },
      change: { delete: true },
      expected_count: 3_001,
    });
    expect(job).toMatchObject({ phase: "completed", deleted: 3_001, updated: 0, failed: 0 });
    expect(Object.keys(await registry())).toEqual(["K-1"]);
    await client.post(customers, { external_id: "K-2" });
    await client.post(`${customers}/${(before["K-6"] as { id: string }).id}/restore`, {});

    const undo = await imports.undone(job.id);
    expect(undo).toMatchObject({ phase: "completed", rowsTotal: 3_001, created: 2_999, failed: 2 });
    const failed = await imports.rows(undo.id, { outcome: "failed" });
    const messages = failed.map(
      ({ errors: [{ code, message }] }) => `${code} ${message.replace(/[0-9a-f]{24}/, "…")}`,
    );
    expect(messages.sort()).toEqual([
      "CUSTOMER_CHANGED_SINCE has been restored since",
      "EXTERNAL_ID_TAKEN is taken by customer …",
    ]);
    const after = await registry();
    expect(after["K-0"]).toMatchObject({ totalBookings: 1 });
    delete before["K-2"];
    delete after["K-2"];
    expect(after).toEqual(before);
    const events = await client.get(`${customers}/K-4/events?external=1`);
    expect(events.body.total).toBe(1);
  });

  test("are processed once each, whatever interrupts the job", async () => {
    const tag = await tagNamed("VIP");
    await fill(2_501);
    const id = accepted(
      await client.post(path, { selection: { query: {} }, change: { add_tag_ids: [tag] } }),
    );
    await imports.stepUntil(id, "completed", 2);
    expect(await imports.job(id)).toMatchObject({ updated: 2_501, rowsRead: 2_501 });
    const undo = await imports.asked(id, "undo");
    await imports.stepUntil(undo, "completed", 2);
    expect(await imports.job(undo)).toMatchObject({ updated: 2_501, rowsRead: 2_501, failed: 0 });
    expect(await total({ tag_ids: tag })).toBe(0);
    await app.work();
  });
});

describe("a bulk change", () => {
  test("reports each customer that it cannot change", async () => {
    await client.patch(`${customers}/customfields/email`, { is_unique: true, is_mandatory: true });
    await fill(3, (at) => ({ values: { email: `k${at}@example.com` } }));
    const ids = [await idOf("K-0"), await idOf("K-1"), "0123456789abcdef01234567", await idOf("K-1")];
    const email = (value: string) => ({
      selection: { ids },
      change: { customfields: [{ id: "email", value }] },
    });
    const job = await changed(email("same@example.com"));
    expect(job).toMatchObject({ phase: "completed", rowsTotal: 3, updated: 1, failed: 2 });
    const codes = async (id: string) =>
      (await imports.rows(id)).map(({ outcome, errors: [error] }) => `${outcome} ${error?.code ?? ""}`);
    expect(await codes(job.id)).toEqual(["updated ", "failed FIELD_VALUE_TAKEN", "failed CUSTOMER_UNKNOWN"]);
    expect(await codes((await changed(email(""))).id)).toEqual([
      "failed FIELD_MANDATORY",
      "failed FIELD_MANDATORY",
      "failed CUSTOMER_UNKNOWN",
    ]);
    const cleared = await changed({ ...email(""), ignore_mandatory_validation: true });
    expect(cleared).toMatchObject({ updated: 2, failed: 1 });
    const file = await client.get(`/v1/customer-imports/${cleared.id}/errors.csv`);
    expect(file.text).toContain("CUSTOMER_UNKNOWN");
    const deleted = await changed({ selection: { ids }, change: { delete: true } });
    expect(deleted).toMatchObject({ deleted: 2, failed: 1 });
  });

  test("can be planned and applied; an outdated plan is refused", async () => {
    const tag = await tagNamed("VIP");
    await fill(4);
    const before = await registry();
    const plans = [
      { change: { add_tag_ids: [tag] }, counts: { updated: 4 }, attribute: "tags" },
      { change: { delete: true }, says: { deleted: 4 }, attribute: "externalId" },
    ];
    for (const { change, counts: says, attribute } of plans) {
      const body = { selection: { query: {} }, change, dry_run: true };
      const plan = await changed(body);
      expect(plan).toMatchObject({ phase: "completed", dryRun: true, ...says });
      expect(await registry()).toEqual(before);
      const [row] = await imports.rows(plan.id);
      expect(row.changes[0]).toMatchObject({ attribute });
      const outdated = await changed(body);
      const applied = await imports.applied(plan.id);
      expect(applied).toMatchObject({ kind: "bulk", phase: "completed", ...says });
      const refused = await imports.applied(outdated.id);
      expect(refused).toMatchObject({ phase: "failed", problem: { code: "IMPORT_PLAN_OUTDATED" } });
      await imports.undone(applied.id);
      expect(await registry()).toEqual(before);
    }
  });

  test("reports every error of a request, and is refused when another number of customers is selected", async () => {
    await fill(3);
    const wrong = await client.post(path, {
      selection: { query: { filter_from: { city: "A" }, updated_since: "2026-02-31" } },
      change: {
        customfields: [
          { id: "email", value: "no address" },
          { id: "nothing", value: "x" },
        ],
        add_tag_ids: ["0123456789abcdef01234567"],
      },
    });
    expect(wrong.status).toBe(400);
    expect(Object.keys(wrong.body.details.body).sort()).toEqual([
      "change.add_tag_ids.0",
      "change.customfields.0.value",
      "change.customfields.1.id",
      "selection.query.filter_from.city",
      "selection.query.updated_since",
    ]);
    const notes = { customfields: [{ id: "notes", value: "x" }] };
    for (const [body, at] of [
      [{ selection: {}, change: notes }, "selection"],
      [{ selection: { ids: [], query: {} }, change: notes }, "selection"],
      [{ selection: { ids: [], except_ids: [] }, change: notes }, "selection.except_ids"],
      [{ selection: { ids: [] }, change: {} }, "change"],
      [{ selection: { ids: [] }, change: { ...notes, delete: true } }, "change"],
      [{ selection: { ids: Array(10_001).fill("x") }, change: notes }, "selection.ids"],
    ] as const) {
      const { status, body: refusal } = await client.post(path, body);
      expect([status, Object.keys(refusal.details.body)]).toEqual([400, [at]]);
    }
    const other = await client.post(path, { selection: { query: {} }, change: notes, expected_count: 2 });
    expect(other).toMatchObject({
      status: 409,
      body: { errorCode: "SELECTION_CHANGED", extras: { count: 3 } },
    });
    expect((await client.get("/v1/customer-imports")).body.total).toBe(0);
  });

  test.each(["yes", "TRUE", "nonsense", null, 2, [], {}])(
    "with dry_run %j is refused instead of deleting",
    async (dryRun) => {
      await fill(3);
      const body = { selection: { query: {} }, change: { delete: true }, dry_run: dryRun };
      const refused = await client.post(path, body);
      expect(refused.status).toBe(400);
      expect(Object.keys(refused.body.details.body)).toEqual(["dry_run"]);
      expect(await total({})).toBe(3);
    },
  );

  test("needs WRITE, and DELETE where it deletes, its plan too", async () => {
    const { enterpriseId } = client;
    const reader = await app.client({ enterpriseId, scopes: ["READ"] });
    const writer = await app.client({ enterpriseId, scopes: ["READ", "WRITE"] });
    const selection = { ids: [] };
    const deletion = { selection, change: { delete: true } };
    const edit = { selection, change: { customfields: [{ id: "notes", value: "x" }] } };
    const missing = { status: 403, body: { errorCode: "SCOPE_MISSING" } };
    expect(await reader.post(path, edit)).toMatchObject(missing);
    accepted(await writer.post(path, edit));
    expect(await writer.post(path, deletion)).toMatchObject(missing);
    const plan = await changed({ ...deletion, dry_run: true });
    expect(await writer.post(`/v1/customer-imports/${plan.id}/apply`, {})).toMatchObject(missing);
    expect((await client.post(`/v1/customer-imports/${plan.id}/apply`, {})).status).toBe(202);
    await app.work();
  });

  test("of any kind is undone without a trace in the customers", async () => {
    const tags = [await tagNamed("A"), await tagNamed("B"), await tagNamed("C")];
    let state = 7;
    const pick = (most: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 8) % most;
    };
    const some = <T>(all: readonly T[]) => all.filter(() => pick(2) === 0);
    await fill(40, () => ({ tag_ids: some(tags) }));
    for (let round = 0; round < 25; round++) {
      const before = await registry();
      const added = some(tags);
      const edit = {
        add_tag_ids: added,
        remove_tag_ids: some(tags).filter((id) => !added.includes(id)),
        customfields: some(["firstName", "city", "lastName"]).map((id) => ({
          id,
          value: pick(3) === 0 ? "" : `Value ${pick(5)}`,
        })),
      };
      const change = pick(3) === 0 ? { delete: true } : edit;
      const queries = [
        { q: "name" },
        { filter: { city: "Bonn" } },
        { filter_contains: { lastName: "1" } },
        {},
      ];
      const job = await changed({ selection: { query: queries[pick(4)] }, change });
      expect(job).toMatchObject({ phase: "completed", failed: 0 });
      const undo = await imports.undone(job.id);
      expect(undo, JSON.stringify(change)).toMatchObject({ phase: "completed", failed: 0 });
      expect(await registry(), JSON.stringify(change)).toEqual(before);
    }
  });
});
