import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { withDefinitions } from "../custom-fields/definitions.ts";
import { searchTermPrefix } from "../customers/derived/derive.ts";
import { everyMatch } from "../customers/list/all-matches.ts";
import { readListQuery } from "../customers/list/query.ts";
import { readingAs } from "../database/as-enterprise.ts";
import { createField } from "../testing/fields.ts";
import { download } from "../testing/files.ts";
import { type Client, startApp } from "../testing/start-app.ts";
import { exportedColumns } from "./customer.ts";
import { exportCustomers } from "./operations.ts";

const registry = startApp({ clock: () => new Date("2026-03-01T12:00:00Z") });
const customers = "/v1/enterprise-customers";
const path = `${customers}/export`;

const lines = (text: string) => text.split("\r\n").slice(0, -1);

async function create(
  client: Client,
  external_id: string,
  values: Record<string, string>,
  tag_ids?: string[],
) {
  const customfields = Object.entries(values).map(([id, value]) => ({ id, value }));
  const { status, body } = await client.post(customers, {
    external_id,
    customfields,
    ...(tag_ids && { tag_ids }),
  });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.data.id as string;
}

describe("an export", () => {
  let client: Client;
  beforeEach(async () => {
    client = await registry.client();
  });
  const exported = (query: Record<string, string> = {}) => download(registry, client, path, query);

  test("is CSV that Excel opens, complete and without formulas", async () => {
    const { body } = await client.post("/v1/customer-tags", { name: "two; words" });
    const id = await create(
      client,
      "007",
      { lastName: '=cmd|" /C calc"!A0', mobilePhone: "+491701234567", notes: "a\nb" },
      [body.data.id],
    );
    const { status, headers, text, bytes } = await exported();
    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("text/csv; charset=utf-8");
    expect(headers["content-disposition"]).toBe("attachment; filename*=UTF-8''customers-2026-03-01.csv");
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    const time = "2026-03-01T12:00:00Z";
    expect(lines(text)).toEqual([
      "id,external_id,import_customer_id,booker_id,tags,Salutation,First name,Last name,Company,E-mail,Mobile phone,Landline phone,Street,Zip code,City,Country,Birthday,Notes,created_at,updated_at,total_bookings",
      `${id},007,,,"[""two; words""]",,,"'=cmd|"" /C calc""!A0",,,'+491701234567,,,,,,,"a\nb",${time},${time},0`,
    ]);
  });

  test("is NDJSON with the attributes that an import accepts", async () => {
    const id = await create(client, "K-1", { firstName: "Ada", mobilePhone: "+491701234567" });
    const { headers, text } = await exported({ format: "ndjson" });
    expect(headers["content-type"]).toBe("application/x-ndjson");
    expect(headers["content-disposition"]).toContain("customers-2026-03-01.ndjson");
    expect(text.split("\n")).toEqual([
      JSON.stringify({ id, external_id: "K-1", values: { firstName: "Ada", mobilePhone: "+491701234567" } }),
      "",
    ]);
  });

  test("has the requested columns in the requested order", async () => {
    const card = await createField(client, { label: "Card" });
    await create(client, "K-1", { firstName: "Ada", [card.id]: "7" });
    const columns = { fields: `${card.id},externalId,firstName,total_bookings`, delimiter: ";" };
    expect(lines((await exported(columns)).text)).toEqual([
      "Card;external_id;First name;total_bookings",
      "7;K-1;Ada;0",
    ]);
    const { text } = await exported({ format: "ndjson", fields: "total_bookings,created_at,firstName" });
    expect(JSON.parse(text)).toEqual({
      total_bookings: 0,
      created_at: "2026-03-01T12:00:00Z",
      values: { firstName: "Ada" },
    });
    const all = await exported({ fields: "fields,id" });
    expect(lines(all.text)[0]).toMatch(/^Salutation,First name,.*,Card,id$/);
  });

  test("renames a read-only column that is named like a field", async () => {
    await createField(client, { label: "Created at" });
    const { text } = await exported({ fields: "created_at,updated_at" });
    expect(lines(text)).toEqual(["export_created_at,updated_at"]);
  });

  test("has headings without customers", async () => {
    expect(lines((await exported({ fields: "id,email" })).text)).toEqual(["id,E-mail"]);
    expect((await exported({ format: "ndjson" })).text).toBe("");
    expect((await exported({ format: "xlsx" })).bytes.subarray(0, 2).toString()).toBe("PK");
  });

  test("reports every error of a request", async () => {
    const { status, text } = await exported({
      fields: "fullName,id",
      sort: "nothing",
      "filter[nobody]": "x",
    });
    expect(status).toBe(400);
    expect(Object.keys(JSON.parse(text).details.query).sort()).toEqual(["fields.0", "filter.nobody", "sort"]);
    expect((await exported({ format: "pdf" })).status).toBe(400);
    expect((await exported({ delimiter: "x" })).status).toBe(400);
  });

  describe("of a selection", () => {
    const selected = (body: unknown) => client.post(path, body);
    const ids = ({ status, text }: { status: number; text: string }) => {
      expect(status, text).toBe(200);
      return lines(text).slice(1);
    };

    test("equals the export of the same query", async () => {
      await create(client, "K-1", { firstName: "Ada", mobilePhone: "+491701234567" });
      await create(client, "K-2", { firstName: "Bo" });
      for (const form of [
        {},
        { format: "ndjson", sort: "externalId", sort_type: "desc" },
        { format: "csv", delimiter: ";", fields: "firstName,id" },
      ]) {
        const asked = await exported({ q: "Ada", ...form } as Record<string, string>);
        const fields = "fields" in form ? { fields: form.fields!.split(",") } : {};
        const answer = await selected({ selection: { query: { q: "Ada" } }, ...form, ...fields });
        expect(answer.text).toContain("Ada");
        expect(answer.text).not.toContain("Bo");
        expect(answer.text.replace(/^\ufeff/, "")).toBe(asked.text);
        for (const name of ["content-type", "content-disposition"])
          expect(answer.headers[name]).toBe(asked.headers[name]);
      }
    });

    test("has the named customers, or all matches except some, in the requested order", async () => {
      const names = ["Ada", "Bo", "Cy", "Di"];
      const [ada, bo, cy, di] = await Promise.all(
        names.map((firstName) => create(client, firstName, { firstName })),
      );
      const foreign = await create(await registry.client(), "Ed", { firstName: "Ed" });
      const form = { fields: ["external_id"], sort: "firstName", sort_type: "desc" };
      const of = async (selection: unknown) => ids(await selected({ selection, ...form }));
      expect(await of({ ids: [ada, cy, ada, foreign, "nobody"] })).toEqual(["Cy", "Ada"]);
      expect(await of({ ids: [] })).toEqual([]);
      expect(await of({ query: {} })).toEqual(["Di", "Cy", "Bo", "Ada"]);
      expect(await of({ query: {}, except_ids: [bo, di, foreign, "nobody"] })).toEqual(["Cy", "Ada"]);
      expect(await of({ query: { external_ids: ["Bo", "Cy"] }, except_ids: [cy] })).toEqual(["Bo"]);
      const many = Array.from({ length: 10_000 }, (_, index) => index.toString(16).padStart(24, "f"));
      expect(await of({ ids: [...many.slice(1), bo] })).toEqual(["Bo"]);
      expect(await of({ query: { q: "a" }, except_ids: many })).toEqual(["Ada"]);
      expect((await selected({ selection: { ids: [...many, bo] } })).status).toBe(400);
    });

    test("reports every error of a request", async () => {
      const fieldErrors = async (body: unknown) => {
        const answer = await selected(body);
        expect(answer.status, answer.text).toBe(400);
        return Object.keys(answer.body.details.body).sort();
      };
      expect(await fieldErrors({ selection: {} })).toEqual(["selection"]);
      expect(await fieldErrors({ selection: { ids: [], query: {} } })).toEqual(["selection"]);
      expect(await fieldErrors({ selection: { ids: [], except_ids: [] } })).toEqual(["selection.except_ids"]);
      const query = { filter: { nobody: "x" }, created_since: "2026-02-30" };
      expect(
        await fieldErrors({ selection: { query }, sort: "nothing", fields: ["id", "fullName"] }),
      ).toEqual(["fields.1", "selection.query.created_since", "selection.query.filter.nobody", "sort"]);
    });

    test("is a read: READ is enough and no idempotency key stores it", async () => {
      const { enterpriseId } = client;
      const reader = await registry.client({ enterpriseId, scopes: ["READ"] });
      const headers = { "idempotency-key": "one" };
      const body = { selection: { query: {} }, fields: ["external_id"] };
      expect(ids(await reader.post(path, body, { headers }))).toEqual([]);
      await create(client, "K-1", {});
      const again = await reader.post(path, body, { headers });
      expect(ids(again)).toEqual(["K-1"]);
      expect(again.headers).not.toHaveProperty("idempotency-replayed");
    });
  });

  test("has no customers of another enterprise", async () => {
    await create(await registry.client(), "K-2", { firstName: "Grace" });
    await create(client, "K-1", { firstName: "Ada" });
    expect(lines((await exported({ fields: "external_id" })).text)).toEqual(["external_id", "K-1"]);
  });

  test("has a path that no customer id can have, as the template has", async () => {
    for (const external_id of ["export", "import-template.csv", " export "]) {
      const { status, body } = await client.post(customers, { external_id });
      expect(status).toBe(400);
      expect(body.errorCode).toBe("EXTERNAL_ID_INVALID");
    }
    const report = await client.post(`${customers}/import`, [{ external_id: "export" }]);
    expect(report.body.data.results[0].errors[0]).toMatchObject({ code: "EXTERNAL_ID_INVALID" });
  });

  test("is a template of headings that imports recognise", async () => {
    await createField(client, { label: "=Card" });
    await createField(client, { label: "Gone", is_active: false });
    const template = await download(registry, client, `${customers}/import-template.csv`);
    expect(template.headers["content-disposition"]).toContain("import-template.csv");
    expect(template.bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    expect(lines(template.text)).toEqual([
      "external_id,Salutation,First name,Last name,Company,E-mail,Mobile phone,Landline phone,Street,Zip code,City,Country,Birthday,Notes,'=Card,tags",
    ]);
  });
});

describe("of twenty-one thousand customers", () => {
  let client: Client;
  const count = 21_000;
  beforeAll(async () => {
    client = await registry.client();
    const { admin } = registry.database;
    const { rows } = await admin.query(
      "select id from custom_fields where enterprise_id = $1 and default_id = 'firstName'",
      [client.enterpriseId],
    );
    await admin.query(
      `insert into customers (enterprise_id, id, external_id, values, first_name_key, last_name_key,
         company_name_key, email_key, search)
       select $1, id_of_text(lpad(to_hex(i), 24, '0')), case when i % 2 = 0 then 'K-' || i end,
         jsonb_build_object($2::text, 'Name' || i % 1000), 'name' || i % 1000, 'last' || i % 333, null, '',
         array_to_tsvector(array[$3 || 'name' || i % 1000, $3 || 'all'])
       from generate_series(1, $4::int) i`,
      [client.enterpriseId, rows[0].id, searchTermPrefix(client.enterpriseId), count],
    );
    await admin.query(
      `insert into customer_versions (enterprise_id, customer_id, updated_at, version)
       select $1, id_of_text(lpad(to_hex(i), 24, '0')), timestamptz '2026-01-01Z' + i * interval '1 minute', 1
       from generate_series(1, $2::int) i`,
      [client.enterpriseId, count],
    );
    // What a transaction elsewhere may still see keeps pages from being known as visible to all.
    await vi.waitFor(
      async () => {
        await admin.query("vacuum analyze customers, customer_versions");
        const { rows } = await admin.query(
          "select bool_and(relallvisible >= relpages) as whole from pg_class where relname in ('customers', 'customer_versions')",
        );
        expect(rows[0].whole).toBe(true);
      },
      { timeout: 60_000 },
    );
  });

  const idsIn = async (query: Record<string, string>) => {
    const { status, text } = await download(registry, client, path, { ...query, fields: "id" });
    expect(status, text).toBe(200);
    return lines(text).slice(1);
  };

  test.each<Record<string, string>>([
    {},
    { q: "all" },
    { q: "all", sort: "externalId", sort_type: "desc" },
    { sort: "firstName", sort_type: "desc" },
    { q: "all", last_name_letter: "l", sort: "updatedAt" },
  ])("%j exports them all, each once", async (query) => {
    const ids = await idsIn(query);
    expect(ids.length).toBe(count);
    expect(new Set(ids).size).toBe(count);
  });

  test.each<Record<string, string>>([
    { q: "name7" },
    { q: "name12 all", sort: "updatedAt", sort_type: "desc" },
    { updated_since: "2026-01-10", sort: "externalId" },
    { external_ids: "K-2,K-4,K-5" },
    { "filter[firstName]": "Name77", sort: "createdAt" },
    { q: "all", "filter[firstName]": "Name77", updated_since: "2026-01-02", sort: "firstName" },
    { first_name_letter: "n", last_name_letter: "#" },
    { ids: "000000000000000000000001,000000000000000000000002", sort: "city" },
    { sort: "lastName", sort_type: "desc" },
  ])("%j exports those that the list has, in its order", async (query) => {
    const listed = await client.get(customers, { query: { ...query, fields: "id" } });
    const ids = listed.body.data.map(({ id }: { id: string }) => id);
    expect((await idsIn(query)).slice(0, 10_000)).toEqual(ids);
  });

  /** Plan nodes of the export, as the service gets them. */
  async function planOf(query: Record<string, string>): Promise<{ type: string; index: string }[]> {
    const database = readingAs(registry.database.service, {
      enterpriseId: client.enterpriseId,
      kind: "operator",
    });
    const { text, values } = await withDefinitions(database, async (definitions) => {
      await database.batch([]);
      return everyMatch(database, exportedColumns, readListQuery(definitions, query).request);
    });
    const rows = database.stream({ text: `explain (format json) ${text}`, values }, 2);
    const [[plan]] = (await rows.next()).value as [[string]];
    await rows.return(undefined);
    const nodes = (node: Record<string, unknown>): { type: string; index: string }[] => [
      { type: node["Node Type"] as string, index: node["Index Name"] as string },
      ...((node["Plans"] as Record<string, unknown>[] | undefined) ?? []).flatMap(nodes),
    ];
    return nodes(JSON.parse(plan)[0].Plan);
  }

  test.each([
    ["firstName", "customers_full_name_idx"],
    ["updatedAt", "customer_versions_updated_at_idx"],
    ["createdAt", "customers_pkey"],
  ])("goes by %s along an index, and sorts nothing", async (sort, index) => {
    const plan = await planOf({ sort });
    expect(plan).toContainEqual({ type: "Index Only Scan", index });
    expect(plan.map(({ type }) => type)).not.toContain("Sort");
  });

  test("looks a search up where row-level security lets an index be read", async () => {
    expect(await planOf({ q: "name7" })).toContainEqual({
      type: "Bitmap Index Scan",
      index: "customers_found_idx",
    });
  });

  /** The export as the service makes it, piece by piece. */
  const opened = async (query: Parameters<typeof exportCustomers>[1]["query"]) => {
    const database = readingAs(registry.database.service, {
      enterpriseId: client.enterpriseId,
      kind: "operator",
    });
    const file = await exportCustomers({ database, now: new Date() } as never, {
      params: {},
      query,
      body: {},
    });
    return file.pieces[Symbol.asyncIterator]() as AsyncGenerator<Uint8Array>;
  };

  test("returns its connection to the pool when the client disconnects", async () => {
    const { service } = registry.database;
    const pieces = await opened({});
    await pieces.next();
    expect(service.connections.used).toBe(1);
    await pieces.return(undefined);
    expect(service.connections.used).toBe(0);
  });

  test("is a snapshot of its start, whatever is deleted meanwhile", async () => {
    const pieces = await opened({ fields: ["id"] });
    let text = Buffer.from((await pieces.next()).value!).toString();
    await registry.database.admin.query("delete from customers where enterprise_id = $1", [
      client.enterpriseId,
    ]);
    for await (const piece of pieces) text += Buffer.from(piece).toString();
    expect(lines(text).length).toBe(1 + count);
    expect(await idsIn({})).toEqual([]);
  });
});
