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

const dryRun = { dry_run: "1" };
const summaryOf = (rows: { line: number; outcome: string; errors: { code: string }[] }[]) =>
  rows.map(({ line, outcome, errors }) => [line, outcome, ...errors.map(({ code }) => code)].join(" "));
const lines = (count: number) => Array.from({ length: count }, (_, at) => `K-${at},Name ${at},`);

describe("a plan", () => {
  test("predicts the outcome of each row, also where rows depend on earlier ones", async () => {
    await client.patch(`${customers}/customfields/email`, { is_unique: true });
    await imports.imported(
      csv("external_id,Last name,Email", "K-7,Seven,seven@example.com", "X-1,X,x@example.com"),
    );
    const file = csv(
      "external_id,Last name,Email",
      ...lines(2_500),
      // What earlier chunks have made, changed, freed and taken.
      "K-0,Name 0,",
      "K-1,Another,",
      "K-7,,seven@example.com",
      "N-1,New,x@example.com",
      "X-1,,y@example.com",
      "N-2,New,x@example.com",
      ...lines(2_500),
      "N-3,New,x@example.com",
      "K-1,A third,",
      "N-2,,z@example.com",
      "N-3,New,x@example.com",
    );
    const plan = await imports.imported(file, dryRun);
    expect(plan).toMatchObject({ phase: "completed", rowsRead: 5_010 });
    expect(Object.keys(await imports.customers())).toEqual(["K-7", "X-1"]);
    const planned = summaryOf(await imports.rows(plan.id));
    const real = await imports.imported(file);
    expect(summaryOf(await imports.rows(real.id))).toEqual(planned);
    expect(planned.filter((row) => row.includes("TAKEN"))).toEqual([
      "2505 failed FIELD_VALUE_TAKEN",
      "5008 failed FIELD_VALUE_TAKEN",
    ]);
    for (const count of ["created", "updated", "unchanged", "failed", "warned"])
      expect([count, real[count]]).toEqual([count, plan[count]]);
  });

  test("is performed also when a row that fails in it has come by itself since, mended", async () => {
    const plan = await imports.imported(csv("external_id,Email", "K-1,a@example.com", "K-2,nobody"), dryRun);
    await imports.imported(csv("external_id,Email", "K-2,b@example.com"));
    expect(await imports.applied(plan.id)).toMatchObject({ phase: "completed", created: 1, failed: 1 });
    expect(await imports.customers("email")).toEqual({ "K-1": "a@example.com", "K-2": "b@example.com" });
  });

  test("is performed: every customer gets what it says, and a new one the id that it has there", async () => {
    await imports.imported(csv("external_id,Last name", "K-0,Zero"));
    const plan = await imports.imported(csv("external_id,Last name,Email", ...lines(3_000)), dryRun);
    expect(await imports.applied(plan.id)).toMatchObject({
      phase: "completed",
      planId: plan.id,
      created: 2_999,
      updated: 1,
    });
    expect((await imports.customers("lastName"))["K-2999"]).toBe("Name 2999");
  });

  test("is performed where its rows make a customer and change it again", async () => {
    const file = csv("external_id,Last name,Email", "N-1,One,", "N-1,Two,", ...lines(2_500), "N-1,Three,");
    const plan = await imports.imported(file, dryRun);
    expect(plan).toMatchObject({ created: 2_501, updated: 2 });
    expect(await imports.applied(plan.id)).toMatchObject({ phase: "completed", created: 2_501, updated: 2 });
    expect((await imports.customers("lastName"))["N-1"]).toBe("Three");
  });

  test("is performed where it hands an external id from one customer to another", async () => {
    const { body } = await client.post(customers, { external_id: "A" });
    const file = csv("id,external_id,Last name", `${body.data.id},B,Was A`, ",A,Is A");
    const plan = await imports.imported(file, dryRun);
    expect(plan).toMatchObject({ created: 1, updated: 1, failed: 0 });
    expect(await imports.applied(plan.id)).toMatchObject({ phase: "completed", created: 1, updated: 1 });
    expect(await imports.customers("lastName")).toEqual({ A: "Is A", B: "Was A" });
  });

  test("is applied once, however often it is requested", async () => {
    const plan = await imports.imported(csv("external_id", "K-1"), dryRun);
    const first = await imports.applied(plan.id);
    expect((await imports.applied(plan.id)).id).toBe(first.id);
  });

  test("is applied when customers outside it have changed", async () => {
    await imports.imported(csv("external_id,Last name", "K-1,One", "K-2,Two"));
    const plan = await imports.imported(csv("external_id,Last name", "K-1,Eins"), dryRun);
    await client.patch(`${customers}/K-2?external=1`, { external_id: "K-3" });
    expect(await imports.applied(plan.id)).toMatchObject({ phase: "completed", updated: 1 });
  });

  test.each([
    ["changed", () => client.patch(`${customers}/K-1?external=1`, { booker_id: "B" }), "line 3"],
    ["deleted", () => client.delete(`${customers}/K-1?external=1`), "line 3"],
    ["made", () => client.post(customers, { external_id: "N-1" }), "line 2"],
    [
      "brought back to what it says",
      () => imports.imported(csv("external_id,Last name", "K-1,Eins")),
      "line 3",
    ],
  ])("stops before its first row where a customer was %s meanwhile", async (_, meanwhile, line) => {
    await imports.imported(csv("external_id,Last name", "K-1,One"));
    const plan = await imports.imported(csv("external_id,Last name", "N-1,New", "K-1,Eins"), dryRun);
    await meanwhile();
    const before = await imports.customers("lastName");
    const applied = await imports.applied(plan.id);
    expect(applied).toMatchObject({ phase: "failed", problem: { code: "IMPORT_PLAN_OUTDATED" }, created: 0 });
    expect(applied.problem.details).toMatchObject([{ path: line, code: "CUSTOMER_CHANGED_SINCE" }]);
    expect(await imports.customers("lastName")).toEqual(before);
  });

  test("can be applied but not undone, an import undone but not applied", async () => {
    const plan = await imports.imported(csv("external_id", "K-1"), dryRun);
    const real = await imports.imported(csv("external_id", "K-2"));
    for (const [id, what] of [
      [plan.id, "undo"],
      [real.id, "apply"],
      [plan.id, "cancel"],
    ])
      expect(await client.post(`/v1/customer-imports/${id}/${what}`, {})).toMatchObject({
        status: 409,
        body: { errorCode: "IMPORT_NOT_READY" },
      });
  });
});
