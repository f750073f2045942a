import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { csv, importsOf } from "../../testing/import-work.ts";
import { type Client, startApp } from "../../testing/start-app.ts";

const registry = startApp();
const data = (name: string) => fileURLToPath(new URL(`../../../../shared/data/${name}`, import.meta.url));
const absent = (...names: string[]) => !names.every((name) => existsSync(data(name)));

let client: Client;
let imports: ReturnType<typeof importsOf>;
beforeAll(async () => {
  client = await registry.client();
  imports = importsOf(registry, client);
});

const created = (label: string, type = "TEXT") => ({ create: { label, type } });

describe.skipIf(absent("febrl/dataset1.csv", "febrl/dataset2.csv"))(
  "the FEBRL files (skipped without ../shared/data/febrl)",
  () => {
    const query = {
      mapping: JSON.stringify({
        rec_id: "external_id",
        given_name: "firstName",
        surname: "lastName",
        street_number: created("Street number"),
        address_1: "street",
        address_2: created("Address line 2"),
        suburb: "city",
        postcode: "zipcode",
        state: created("State"),
        date_of_birth: "birthday",
        soc_sec_id: created("Social security id"),
      }),
      date_format: "YYYYMMDD",
    };
    const impossible = 10;

    test("2: every row is planned, those with a possible date of birth are made, and the rest are told of", async () => {
      const file = readFileSync(data("febrl/dataset2.csv"));
      const plan = await imports.imported(file, { ...query, dry_run: "1" });
      expect(plan).toMatchObject({ phase: "completed", rowsTotal: 5_000, failed: impossible });
      expect(plan.columns.map(({ foundBy }: { foundBy: string }) => foundBy)).toEqual(
        Array(11).fill("given"),
      );
      const job = await imports.imported(file, query);
      expect(job).toMatchObject({
        phase: "completed",
        rowsTotal: 5_000,
        created: 5_000 - impossible,
        failed: impossible,
      });
      const failed = await imports.rows(job.id, { outcome: "failed" });
      for (const { errors } of failed)
        expect(errors).toMatchObject([{ path: "date_of_birth", code: "FIELD_VALUE_INVALID" }]);
      expect(failed).toHaveLength(impossible);
      const known = await imports.customers("firstName", "lastName", "Street number", "street", "birthday");
      expect(known["rec-2778-org"]).toBe("sarah bruhn 44 forbes street 1930-02-13");
      expect(known).not.toHaveProperty("rec-768-dup-0");
    });

    test("2: the rows that failed are a file that mends them", async () => {
      const [job] = (await client.get("/v1/customer-imports?phase=completed&limit=1")).body.data;
      const { text } = await client.get(`/v1/customer-imports/${job.id}/errors.csv`);
      const corrected = text.replaceAll(/, ?\d{8},/g, ",19300213,");
      expect(await imports.imported(corrected, query)).toMatchObject({
        phase: "completed",
        created: impossible,
        failed: 0,
      });
      expect(Object.keys(await imports.customers())).toHaveLength(5_000);
      const again = await imports.imported(readFileSync(data("febrl/dataset2.csv")), {
        ...query,
        again: "1",
      });
      expect(again).toMatchObject({ created: 0, updated: 0, unchanged: 5_000 - impossible });
    });

    test("1: is imported beside it, and undone", async () => {
      const before = await imports.customers("lastName");
      const file = readFileSync(data("febrl/dataset1.csv"));
      const job = await imports.imported(file, query);
      expect(job).toMatchObject({ phase: "completed", rowsTotal: 1_000, rowsRead: 1_000 });
      expect(job.created + job.updated + job.failed).toBe(1_000);
      expect(await imports.undone(job.id)).toMatchObject({
        phase: "completed",
        deleted: job.created,
        updated: job.updated,
        failed: 0,
      });
      expect(await imports.customers("lastName")).toEqual(before);
    });
  },
);

describe.skipIf(absent("chinook/customers.csv"))(
  "the customers of Chinook (skipped without ../shared/data/chinook)",
  () => {
    test("are imported by their headings as far as those are known, and the rest is created", async () => {
      const chinook = importsOf(registry, await registry.client());
      const file = readFileSync(data("chinook/customers.csv"));
      const query = {
        mapping: JSON.stringify({
          CustomerId: "external_id",
          Address: "street",
          PostalCode: "zipcode",
          Phone: created("Phone as written"),
          Fax: created("Fax as written"),
          SupportRepId: null,
        }),
        create_fields: "1",
      };
      const job = await chinook.imported(file, query);
      expect(job).toMatchObject({ phase: "completed", rowsTotal: 59, created: 59, failed: 0 });
      const columns = Object.fromEntries(
        job.columns.map((column: Record<string, unknown>) => [
          column["heading"],
          column["creates"] ? "created" : column["foundBy"],
        ]),
      );
      expect(columns).toMatchObject({ FirstName: "label", Email: "label", State: "created" });
      const known = await chinook.customers("firstName", "lastName", "city", "email", "Phone as written");
      expect(known["1"]).toBe("Luís Gonçalves São José dos Campos luisg@embraer.com.br +55 (12) 3923-5555");
      expect(await chinook.imported(file, { ...query, again: "1" })).toMatchObject({ unchanged: 59 });
    });
  },
);

test("a file of ours is a template that is filled in", async () => {
  const own = await registry.client();
  const template = (await own.get("/v1/enterprise-customers/import-template.csv")).text.trim();
  const headings = template.split(",");
  const row = headings.map((heading) => ({ external_id: "K-1", "Last name": "Lovelace" })[heading] ?? "");
  const filled = importsOf(registry, own);
  const job = await filled.imported(csv(template, row.join(",")).replace(/^\uFEFF/, "\uFEFF"));
  expect(job).toMatchObject({ phase: "completed", created: 1, failed: 0 });
  expect(await filled.customers("lastName")).toEqual({ "K-1": "Lovelace" });
});
