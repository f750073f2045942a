import { describe, expect, test } from "vitest";
import { type Client, startApp } from "../testing/start-app.ts";

const registry = startApp();
const path = "/v1/enterprise-customers/import";

const importing = async (client: Client, body: unknown) => {
  const answer = await client.post(path, body);
  expect(answer.status, answer.text).toBe(200);
  return answer.body.data;
};
const outcomes = (report: { results: { outcome: string }[] }) => report.results.map(({ outcome }) => outcome);
const customersIn = async (enterpriseId: string): Promise<number> => {
  const { rows } = await registry.database.admin.query(
    `select (select count(*) from customers where enterprise_id = $1)::int as counted,
            (select coalesce(sum(customers), 0) from customer_counts where enterprise_id = $1)::int as kept`,
    [enterpriseId],
  );
  expect(rows[0].kept).toBe(rows[0].counted);
  return rows[0].counted;
};
const changesIn = async (enterpriseId: string): Promise<number> => {
  const { rows } = await registry.database.admin.query(
    "select count(*)::int as n from changes where enterprise_id = $1 and subject <> 'app'",
    [enterpriseId],
  );
  return rows[0].n;
};

const ann = { external_id: "A", values: { firstName: "Ann", "Last name": "Lee" } };
const bob = { external_id: "B", customfields: [{ id: "firstName", value: "Bob" }] };

describe("an import", () => {
  test("creates, then leaves unchanged, then updates", async () => {
    const client = await registry.client();
    const first = await importing(client, { customers: [ann, bob] });
    expect(first).toMatchObject({ created: 2, updated: 0, unchanged: 0, failed: 0 });
    expect(first.results[0]).toMatchObject({
      index: 0,
      outcome: "created",
      matchedBy: null,
      errors: [],
      warnings: [],
    });

    const changes = await changesIn(client.enterpriseId);
    const second = await importing(client, [ann, bob]);
    expect(second).toMatchObject({ created: 0, unchanged: 2 });
    expect(second.results[0]).toMatchObject({ id: first.results[0].id, matchedBy: "external_id" });
    expect(await changesIn(client.enterpriseId)).toBe(changes);

    const third = await importing(client, [{ ...ann, values: { firstName: "Anna" } }, bob]);
    expect(outcomes(third)).toEqual(["updated", "unchanged"]);
    const fetched = await client.get("/v1/enterprise-customers/A?external=1");
    expect(fetched.body.data.fullName).toBe("Anna Lee");
    expect(await customersIn(client.enterpriseId)).toBe(2);
  });

  test("keeps good rows when others fail, and names every error of every row", async () => {
    const client = await registry.client();
    const report = await importing(client, {
      customers: [
        ann,
        {
          customfields: [
            { id: "email", value: "no" },
            { id: "nothing", value: "" },
            { id: "birthday", value: "2024-02-30" },
          ],
        },
        { external_id: "..", tag_ids: ["0123456789abcdef01234567"] },
        { extrnal_id: "typo", customfields: [{ id: 7 }] },
        "nonsense",
        { id: "0123456789abcdef01234567" },
      ],
    });
    expect(outcomes(report)).toEqual(["created", "failed", "failed", "failed", "failed", "failed"]);
    const fieldErrors = report.results.map(({ errors }: { errors: { path: string; code: string }[] }) =>
      Object.fromEntries(errors.map(({ path, code }) => [path, code])),
    );
    expect(fieldErrors[1]).toEqual({
      "customfields.0.value": "FIELD_VALUE_INVALID",
      "customfields.1.id": "FIELD_UNKNOWN",
      "customfields.2.value": "FIELD_VALUE_INVALID",
    });
    expect(fieldErrors[2]).toEqual({ external_id: "EXTERNAL_ID_INVALID", "tag_ids.0": "TAG_UNKNOWN" });
    expect(fieldErrors[3]).toEqual({
      extrnal_id: "ATTRIBUTE_UNKNOWN",
      "customfields.0.id": "REQUEST_INVALID",
    });
    expect(fieldErrors[4]).toEqual({ "": "REQUEST_INVALID" });
    expect(fieldErrors[5]).toEqual({ id: "CUSTOMER_UNKNOWN" });
    expect(await customersIn(client.enterpriseId)).toBe(1);
  });

  test.each(["dry_run", "atomic"])("with a %s that is neither true nor false is refused", async (flag) => {
    const client = await registry.client();
    const refused = await client.post(path, { customers: [{ values: { lastName: "A" } }], [flag]: "yes" });
    expect(refused.status).toBe(400);
    expect(Object.keys(refused.body.details.body)).toEqual([flag]);
    const file = await client.post(`/v1/customer-imports?${flag}=yes`, { customers: [] });
    expect(file.status).toBe(400);
    expect(Object.keys(file.body.details.query)).toEqual([flag]);
  });

  test("that is atomic writes all rows or none", async () => {
    const client = await registry.client();
    const report = await importing(client, { atomic: true, customers: [ann, { values: { email: "no" } }] });
    expect(report).toMatchObject({ created: 0, failed: 2 });
    expect(report.results[0]).toMatchObject({ id: null, errors: [{ code: "ROW_NOT_WRITTEN" }] });
    expect(await customersIn(client.enterpriseId)).toBe(0);
  });

  test("as a dry run says what it would do and does nothing", async () => {
    const client = await registry.client();
    await importing(client, [ann]);
    const report = await importing(client, {
      dry_run: 1,
      customers: [{ ...ann, values: { city: "Rom" } }, bob, bob],
    });
    expect(outcomes(report)).toEqual(["updated", "created", "unchanged"]);
    expect(report.results.map((result: { id: string | null }) => result.id !== null)).toEqual([
      true,
      false,
      false,
    ]);
    expect(await customersIn(client.enterpriseId)).toBe(1);
    expect(await changesIn(client.enterpriseId)).toBe(1);
  });

  test("merges rows that mean the same customer, in order, and says so", async () => {
    const client = await registry.client();
    const report = await importing(client, [
      { external_id: "A", values: { firstName: "Ann", city: "Rom" } },
      { external_id: "A", values: { city: "Pisa" } },
    ]);
    expect(outcomes(report)).toEqual(["created", "updated"]);
    expect(report.results[1]).toMatchObject({
      id: report.results[0].id,
      warnings: [{ code: "ROW_REPEATED" }],
    });
    const { body } = await client.get("/v1/enterprise-customers/A?external=1");
    const city = body.data.fields.find((field: { defaultId: string }) => field.defaultId === "city");
    expect(city.value).toBe("Pisa");
    expect(await changesIn(client.enterpriseId)).toBe(1);
  });

  test("remembers the source's id of each customer, so that repeating it repeats nothing", async () => {
    const client = await registry.client();
    const row = { import_customer_id: "crm-7", values: { firstName: "Ann" } };
    const first = await importing(client, [row]);
    const second = await importing(client, [row]);
    expect(second.results[0]).toMatchObject({
      outcome: "unchanged",
      id: first.results[0].id,
      matchedBy: "import_customer_id",
    });
  });

  test("only creates or only updates when told so", async () => {
    const client = await registry.client();
    await importing(client, [ann]);
    const creating = await importing(client, { mode: "create", customers: [ann, bob] });
    expect(outcomes(creating)).toEqual(["failed", "created"]);
    expect(creating.results[0].errors).toMatchObject([{ path: "external_id", code: "EXTERNAL_ID_TAKEN" }]);
    const updating = await importing(client, { mode: "update", customers: [ann, { external_id: "C" }] });
    expect(outcomes(updating)).toEqual(["unchanged", "failed"]);
    expect(updating.results[1].errors).toMatchObject([{ code: "CUSTOMER_UNKNOWN" }]);
  });

  test("matches by what it is told to match by, in that order", async () => {
    const client = await registry.client();
    await importing(client, [
      { external_id: "A", import_customer_id: "1" },
      { external_id: "B", import_customer_id: "2" },
    ]);
    const both = { external_id: "A", import_customer_id: "2" };
    const byExternalId = await importing(client, { match_on: ["external_id"], customers: [both] });
    expect(byExternalId.results[0].errors).toMatchObject([
      { path: "import_customer_id", code: "IMPORT_ID_TAKEN" },
    ]);
    const byImportId = await importing(client, { match_on: ["import_customer_id"], customers: [both] });
    expect(byImportId.results[0].errors).toMatchObject([{ path: "external_id", code: "EXTERNAL_ID_TAKEN" }]);
  });

  test("refuses a row whose id is not that of the customer it matches", async () => {
    const client = await registry.client();
    await importing(client, [{ external_id: "A" }]);
    const unknown = "0123456789abcdef01234567";
    const report = await importing(client, [{ id: unknown, external_id: "A" }, { id: unknown }]);
    expect(report.results.map(({ errors }: { errors: unknown }) => errors)).toMatchObject([
      [{ path: "id", code: "CUSTOMER_UNKNOWN", message: "does not match the customer of external_id" }],
      [{ path: "id", code: "CUSTOMER_UNKNOWN" }],
    ]);
  });

  test("may hand an external id from one customer to another", async () => {
    const client = await registry.client();
    const first = await importing(client, [{ external_id: "A" }, { external_id: "B" }]);
    const [a, b] = first.results.map(({ id }: { id: string }) => id);
    const report = await importing(client, [
      { id: a, external_id: "" },
      { id: b, external_id: "A" },
      { id: a, external_id: "B" },
    ]);
    expect(outcomes(report)).toEqual(["updated", "updated", "updated"]);
    expect((await client.get("/v1/enterprise-customers/B?external=1")).body.data.id).toBe(a);
  });

  test("takes an unknown field for a warning when told so", async () => {
    const client = await registry.client();
    const row = { external_id: "A", values: { firstName: "Ann", shoeSize: "39" } };
    const report = await importing(client, { on_unknown: "warn", customers: [row] });
    expect(report.results[0]).toMatchObject({
      outcome: "created",
      warnings: [{ path: "values.shoeSize", code: "FIELD_UNKNOWN" }],
    });
  });

  test("of 10,000 rows is one request, and with one row more a job", async () => {
    const client = await registry.client();
    const rows = Array.from({ length: 10_001 }, (_, index) => ({
      external_id: `K-${index}`,
      values: {
        firstName: `Name ${index}`,
        email: `k${index}@example.com`,
        mobilePhone: `+4917112${String(index).padStart(5, "0")}`,
      },
    }));
    const plan = await client.post(path, { customers: rows, dry_run: true });
    expect(plan.status).toBe(202);
    expect(plan.headers["location"]).toBe(`/v1/customer-imports/${plan.body.data.id}`);
    await registry.work();
    const planned = await client.get(plan.headers["location"] as string);
    expect(planned.body.data).toMatchObject({ dryRun: true, phase: "completed", created: 10_001 });
    expect(await customersIn(client.enterpriseId)).toBe(0);
    const report = await importing(client, rows.slice(0, 10_000));
    expect(report.created).toBe(10_000);
    expect(report.results.map(({ index }: { index: number }) => index)).toEqual(
      rows.slice(0, 10_000).map((_, i) => i),
    );
    expect(await customersIn(client.enterpriseId)).toBe(10_000);
    const job = await client.post(path, { customers: rows, on_unknown: "warn" });
    expect(job.status).toBe(202);
    await registry.work();
    const done = await client.get(job.headers["location"] as string);
    expect(done.body.data).toMatchObject({ phase: "completed", created: 1, unchanged: 10_000 });
  });

  test("of the same customers at once, in any order, ends in a state that some order gives", async () => {
    const client = await registry.client();
    const rows = (city: string) =>
      Array.from({ length: 200 }, (_, index) => ({ external_id: `K-${index}`, values: { city } }));
    const cities = ["Rom", "Pisa", "Bari", "Turin"];
    const reports = await Promise.all(
      cities.map((city, turn) => client.post(path, turn % 2 === 0 ? rows(city) : rows(city).reverse())),
    );
    for (const report of reports) expect(report.status).toBe(200);
    const created = reports.reduce((sum, { body }) => sum + body.data.created, 0);
    expect(created).toBe(200);
    const { rows: stored } = await registry.database.admin.query(
      "select values, count(*)::int as n from customers where enterprise_id = $1 group by values",
      [client.enterpriseId],
    );
    expect(stored).toHaveLength(1);
    expect(stored[0].n).toBe(200);
  });
});
