import { beforeEach, describe, expect, test } from "vitest";
import { csv, importsOf } from "../../testing/import-work.ts";
import { type Client, startApp } from "../../testing/start-app.ts";

const registry = startApp();
const fields = "/v1/enterprise-customers/customfields";

let client: Client;
let imports: ReturnType<typeof importsOf>;
beforeEach(async () => {
  client = await registry.client();
  imports = importsOf(registry, client);
});

const labels = async (): Promise<string[]> =>
  (await client.get(fields)).body.data.map(({ label }: { label: string }) => label);
const codes = (job: { problem: { details: { path: string; code: string }[] } }) =>
  job.problem.details.map(({ path, code }) => [path, code]);
const columns = (job: { columns: { heading: string }[] }, attribute: string) =>
  Object.fromEntries(
    job.columns.map((column) => [column.heading, (column as unknown as Record<string, unknown>)[attribute]]),
  );

describe("a column without a matching field", () => {
  const file = csv("external_id,Last name,Shoe size,", "K-1,Lovelace,38,x");

  test("stops the import before its first row, and is named", async () => {
    const job = await imports.imported(file);
    expect(job).toMatchObject({
      phase: "failed",
      problem: { code: "IMPORT_COLUMNS_UNMAPPED" },
      rowsRead: 0,
      created: 0,
    });
    expect(codes(job)).toEqual([
      ["Shoe size", "IMPORT_COLUMNS_UNMAPPED"],
      ["#4", "IMPORT_COLUMNS_UNMAPPED"],
    ]);
    expect(await imports.customers()).toEqual({});
    expect(await imports.rows(job.id)).toEqual([]);
  });

  test("is reported by a plan, which cannot be applied: the import would have stopped", async () => {
    const plan = await imports.imported(file, { dry_run: "1" });
    expect(plan).toMatchObject({ phase: "completed", dryRun: true, created: 1 });
    expect(columns(plan, "target")).toMatchObject({ "Shoe size": null });
    const refused = await client.post(`/v1/customer-imports/${plan.id}/apply`, {});
    expect(refused).toMatchObject({ status: 409, body: { errorCode: "IMPORT_NOT_READY" } });
    expect(refused.body.error).toContain("Shoe size, #4");
  });

  test("is reported and ignored on request", async () => {
    const job = await imports.imported(file, { on_unknown: "warn" });
    expect(job).toMatchObject({ phase: "completed", created: 1 });
    expect(columns(job, "target")).toMatchObject({ external_id: "external_id", "Shoe size": null });
    expect(columns(job, "samples")).toMatchObject({ "Shoe size": ["38"] });
    expect(await imports.customers("lastName")).toEqual({ "K-1": "Lovelace" });
  });

  test("stops the import despite the request to ignore it, when no other column is matched", async () => {
    const job = await imports.imported(csv("Shoe size", "38"), { on_unknown: "warn" });
    expect(job).toMatchObject({ phase: "failed", problem: { code: "IMPORT_COLUMNS_UNMAPPED" } });
    expect(await imports.customers()).toEqual({});
  });

  test("becomes a field on request, and is matched to that field the next time", async () => {
    const known = await labels();
    const sized = csv("external_id,Shoe size", "K-1,38");
    const plan = await imports.imported(sized, { create_fields: "1", dry_run: "1" });
    expect(columns(plan, "creates")).toEqual({ external_id: false, "Shoe size": true });
    expect(await labels()).toEqual(known);
    const job = await imports.imported(sized, { create_fields: "1" });
    expect(job).toMatchObject({ phase: "completed", created: 1 });
    expect((await labels()).sort()).toEqual([...known, "Shoe size"].sort());
    expect(await imports.customers("Shoe size")).toEqual({ "K-1": "38" });
    const again = await imports.imported(sized.replace("38", "39"), { create_fields: "1" });
    expect(columns(again, "creates")).toEqual({ external_id: false, "Shoe size": false });
    expect(await imports.customers("Shoe size")).toEqual({ "K-1": "39" });
    expect(await labels()).toHaveLength(known.length + 1);
  });

  test("becomes a field when a plan is applied", async () => {
    const plan = await imports.imported(csv("external_id,Shoe size", "K-1,38"), {
      create_fields: "1",
      dry_run: "1",
    });
    expect(await imports.applied(plan.id)).toMatchObject({ phase: "completed", created: 1 });
    expect(await imports.customers("Shoe size")).toEqual({ "K-1": "38" });
  });

  test("becomes a field also when another field was created after the plan", async () => {
    const file = csv("external_id,Shoe size,Hat size", "K-1,38,57", "K-2,,58");
    const plan = await imports.imported(file, { create_fields: "1", dry_run: "1" });
    const rows = await imports.rows(plan.id);
    await client.post(fields, { label: "Meanwhile", type: "TEXT" });
    expect(await imports.rows(plan.id)).toEqual(rows);
    expect(await imports.applied(plan.id)).toMatchObject({ phase: "completed", created: 2 });
    expect(await imports.customers("Shoe size", "Hat size", "Meanwhile")).toEqual({
      "K-1": "38 57 ",
      "K-2": " 58 ",
    });
    expect(await imports.rows(plan.id)).toEqual(rows);
  });
});

describe("a mapping", () => {
  test("assigns columns by heading and by position", async () => {
    const mapping = {
      Kdnr: "external_id",
      Name: "lastName",
      Egal: null,
      "#4": { create: { label: "Shoe size", type: "NUMBER" } },
    };
    const job = await imports.imported(csv("Kdnr,Name,Egal,", "K-1,Lovelace,x,38"), {
      mapping: JSON.stringify(mapping),
    });
    expect(job).toMatchObject({ phase: "completed", created: 1 });
    expect(columns(job, "foundBy")).toEqual({ Kdnr: "given", Name: "given", Egal: "given", "": "given" });
    expect(columns(job, "ignored")).toMatchObject({ Egal: "asked" });
    expect(await imports.customers("lastName", "Shoe size")).toEqual({ "K-1": "Lovelace 38" });
    const { body } = await client.get(fields, { query: { q: "Shoe size" } });
    expect(body.data).toMatchObject([{ label: "Shoe size", type: "NUMBER" }]);
  });

  test("that is invalid stops the import with all its errors", async () => {
    const stranger = await registry.client();
    const { body } = await stranger.post(fields, { label: "Elsewhere", type: "TEXT" });
    const job = await imports.imported(csv("external_id,a,b,c", "K-1,1,2,3"), {
      mapping: JSON.stringify({
        a: body.data.id,
        b: "0123456789abcdef01234567",
        c: { create: { type: "NONE" } },
        d: "lastName",
      }),
    });
    expect(job.phase).toBe("failed");
    expect(codes(job)).toEqual([
      ["a", "FIELD_UNKNOWN"],
      ["b", "FIELD_UNKNOWN"],
      ["c", "REQUEST_INVALID"],
      ["d", "REQUEST_INVALID"],
    ]);
    const [foreign, missing] = job.problem.details.map(({ message }: { message: string }) => message);
    expect(foreign.replace(body.data.id, "<id>")).toBe(missing.replace("0123456789abcdef01234567", "<id>"));
  });

  test("resolves columns with the same target: the import lists them with their samples", async () => {
    const job = await imports.imported(csv("external_id,E_Mail,EMail", "K-1,a@b.example,c@d.example"), {
      date_format: "DD.MM.YYYY",
    });
    expect(job).toMatchObject({ phase: "failed", rowsRead: 0 });
    expect(codes(job)).toEqual([["EMail", "REQUEST_INVALID"]]);
    expect(columns(job, "samples")).toMatchObject({ E_Mail: ["a@b.example"], EMail: ["c@d.example"] });
    const mapping = { EMail: null };
    const corrected = await imports.imported(csv("external_id,E_Mail,EMail", "K-1,a@b.example,c@d.example"), {
      mapping: JSON.stringify(mapping),
      date_format: "DD.MM.YYYY",
      match_on: "external_id",
    });
    expect(corrected).toMatchObject({
      phase: "completed",
      created: 1,
      options: { mapping, dateFormat: "DD.MM.YYYY", matchOn: ["external_id"], mode: "upsert", decimal: null },
    });
  });

  test("that is malformed is refused with the request", async () => {
    for (const mapping of ["{", "[]", "null", '"x"', '{"a":7}', '{"a":[]}']) {
      const answer = await client.post("/v1/customer-imports", "a\n1\n", {
        query: { mapping },
        headers: { "content-type": "text/csv" },
      });
      expect(answer.status, mapping).toBe(400);
      expect(Object.keys(answer.body.details.query)).toEqual(["mapping"]);
    }
  });
});

test("columns that exports or error files add are ignored, and reported as ignored", async () => {
  const job = await imports.imported(
    csv("external_id,Last name,created_at,import_line,import_message", "K-1,Lovelace,2020-01-01,2,wrong"),
  );
  expect(job).toMatchObject({ phase: "completed", created: 1 });
  expect(columns(job, "ignored")).toEqual({
    external_id: null,
    "Last name": null,
    created_at: "read-only",
    import_line: "report",
    import_message: "report",
  });
});

test("a field that is deleted meanwhile fails later rows with a value for it, and no others", async () => {
  const { body } = await client.post(fields, { label: "Shoe size", type: "TEXT" });
  const lines = Array.from({ length: 5_001 }, (_, at) => `K-${at},${at % 2 === 0 ? at : ""}`);
  const id = await imports.send(csv("external_id,Shoe size", ...lines));
  await imports.stepUntil(id, "applying", 1);
  expect((await client.delete(`${fields}/${body.data.id}`)).status).toBe(200);
  await registry.work();
  expect(await imports.job(id)).toMatchObject({ phase: "completed", created: 2_500 + 1_250, failed: 1_251 });
  const [first] = await imports.rows(id, { outcome: "failed", limit: "1" });
  expect(first).toMatchObject({
    index: 2_500,
    errors: [{ path: "Shoe size", code: "FIELD_UNKNOWN", message: expect.stringContaining("Shoe size") }],
  });
});
