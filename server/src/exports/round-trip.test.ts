import { exportTypes } from "@clientele/contract/exports";
import fc from "fast-check";
import { beforeEach, describe, expect, inject, test } from "vitest";
import { createField, fieldsPath } from "../testing/fields.ts";
import { download, imported } from "../testing/files.ts";
import { nastyStrings } from "../testing/nasty-strings.ts";
import { type Client, startApp } from "../testing/start-app.ts";

const registry = startApp();
const customers = "/v1/enterprise-customers";
const formats = ["csv", "ndjson", "xlsx"] as const;

const options = ["gold", "a;b", "=1+1", "[x]", "'=x", "ä, ö", 'say "ah"', "GOLD"];
const tags = ["vip", "a;b", "=1+1", "[x]", "two\nlines", "0123456789abcdef01234567"];
const fields = [
  { label: "=Text", type: "TEXT" },
  { label: "created_at", type: "TEXT" },
  { label: "Total bookings", type: "TEXT" },
  { label: "Tags", type: "TEXTAREA" },
  { label: "Two\nlines", type: "NUMBER" },
  { label: "Checked", type: "CHECKBOX" },
  { label: "Page, or site", type: "URL" },
  { label: "One", type: "SELECT", select_options: options },
  { label: "Some", type: "MULTI_SELECT", select_options: options },
  { label: "Telephone", type: "PHONE" },
];

/** An enterprise that has these fields and tags. */
async function enterprise(): Promise<{ client: Client; tagIds: string[] }> {
  const client = await registry.client();
  for (const field of fields) await createField(client, field);
  const tagIds: string[] = [];
  // In another order each time, for the order of ids is not to matter.
  for (const name of tags.toSorted(() => Math.random() - 0.5)) {
    const { body } = await client.post("/v1/customer-tags", { name });
    tagIds.push(body.data.id);
  }
  return { client, tagIds };
}

const nasty = Object.values(nastyStrings)
  .map((escaped) => JSON.parse(`"${escaped}"`) as string)
  .filter((text) => text.isWellFormed() && !text.includes("\0") && text.length <= 5_000);
const text = fc.oneof(
  fc.constantFrom(...nasty),
  fc.constantFrom(
    "007",
    "'=x",
    "''",
    "1e5",
    "1.2.1990",
    "TRUE",
    "#N/A",
    "null",
    "a\r\nb",
    "a\rb",
    "x,y;z|t\tu",
  ),
  fc.string({
    unit: fc.constantFrom("'", "=", "+", "-", "@", "\t", "\r", "\n", '"', ",", ";", "_x0041_", "a", " "),
  }),
  fc.string({ unit: "binary" }).filter((value) => !value.includes("\0")),
);
const day = fc
  .date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
  .map((value) => value.toISOString().slice(0, 10));
const number = fc.constantFrom("0", "-0", "007", "-3.50", "1234567890123456789012345.1", "1000");
const phone = fc.constantFrom(
  "+491701234567",
  "+390612345678",
  '{"number":"8360160943","country":"AG"}',
  '{"number":"1108731","country":"FI"}',
  '{"number":"(416) 555-0123","country":"CA"}',
  "+80012345678",
);
const value = (of: fc.Arbitrary<string | string[]>) => fc.option(of, { nil: null });
const values = fc.record({
  firstName: value(text),
  lastName: value(text),
  companyName: value(text),
  email: value(fc.constantFrom("a@example.com", "=a@example.com", "+b@example.org", "'=c@example.com")),
  mobilePhone: value(phone),
  birthday: value(day),
  salutation: value(fc.constantFrom("mr", "mrs")),
  notes: value(text),
  "=Text": value(text),
  created_at: value(text),
  "Total bookings": value(text),
  Tags: value(text),
  "Two\nlines": value(number),
  Checked: value(fc.constantFrom("true", "false")),
  "Page, or site": value(fc.constantFrom("https://example.com/a,b;c|d?e=%20'f\"", "http://ä.example.com")),
  One: value(fc.constantFrom(...options)),
  Some: value(fc.subarray(options)),
  Telephone: value(phone),
});
const row = fc.record({
  prefix: fc.constantFrom("K-", "00", "=", "'=", "+", "a;b,", "ä", '"', "[", "{"),
  isNamed: fc.boolean(),
  booker: fc.constantFrom("", "=b", "0042", "b;c"),
  tags: fc.subarray([...tags.keys()]),
  values,
});
type Row = typeof row extends fc.Arbitrary<infer T> ? T : never;
const rows = fc.array(row, { minLength: 1, maxLength: 25 });

/** Has the customers written, every one of them. */
async function write(client: Client, tagIds: readonly string[], them: readonly Row[]): Promise<void> {
  const { body } = await client.post(`${customers}/import`, {
    customers: them.map(({ prefix, isNamed, booker, tags: chosen, values: fieldValues }, index) => ({
      external_id: `${prefix}${index}`,
      import_customer_id: isNamed ? `=${prefix}${index}` : "",
      booker_id: booker,
      tag_ids: chosen.map((at) => tagIds[at]),
      values: fieldValues,
    })),
  });
  const fieldErrors = body.data.results.flatMap((result: { errors: unknown[] }) => result.errors);
  expect(fieldErrors).toEqual([]);
  expect(body.data.created).toBe(them.length);
}

const exported = async (client: Client, query: Record<string, string>) => {
  const { status, bytes, text: answer } = await download(registry, client, `${customers}/export`, query);
  expect(status, answer).toBe(200);
  return bytes;
};

const portable = {
  csv: "external_id,import_customer_id,booker_id,tags,fields",
  xlsx: "external_id,import_customer_id,booker_id,tags,fields",
  // Rows of JSON name tags by their ids, which are others elsewhere.
  ndjson: "external_id,import_customer_id,booker_id,fields",
};

describe.each(formats)("customers in %s", (format) => {
  test("are unchanged when the file is imported again, and equal in another enterprise", async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (them) => {
        const [here, there] = [await enterprise(), await enterprise()];
        await write(here.client, here.tagIds, them);
        const whole = await exported(here.client, { format });
        expect(await imported(registry, here.client, whole, exportTypes[format])).toMatchObject({
          phase: "completed",
          unchanged: them.length,
          failed: 0,
          problem: null,
        });

        const asked = { format, fields: portable[format], sort: "externalId" };
        const file = await exported(here.client, asked);
        expect(await imported(registry, there.client, file, exportTypes[format])).toMatchObject({
          phase: "completed",
          created: them.length,
          failed: 0,
          problem: null,
        });
        expect((await exported(there.client, asked)).equals(file)).toBe(true);
      }),
      { numRuns: 8 * inject("random").scale },
    );
  });
});

describe("a whole export", () => {
  let here: { client: Client; tagIds: string[] };
  beforeEach(async () => {
    here = await enterprise();
    await write(here.client, here.tagIds, fc.sample(row, 20));
  });

  test.each(["csv", "xlsx"] as const)(
    "in %s makes the customers elsewhere when its ids are left out",
    async (format) => {
      const there = await enterprise();
      const query = { mapping: JSON.stringify({ id: null }) };
      const file = await exported(here.client, { format });
      expect(await imported(registry, there.client, file, exportTypes[format], query)).toMatchObject({
        created: 20,
        failed: 0,
      });
      const asked = { format: "csv", fields: portable.csv, sort: "externalId" };
      expect((await exported(there.client, asked)).equals(await exported(here.client, asked))).toBe(true);
    },
  );

  test.each(formats)("in %s contains removed options, and importing it changes nothing", async (format) => {
    const { body } = await here.client.get(fieldsPath, { query: { q: "One" } });
    const one = body.data.find(({ label }: { label: string }) => label === "One");
    // What is left is called like what was removed.
    const left = { value: "silver", label: "gold" };
    const changed = await here.client.patch(`${fieldsPath}/${one.id}`, { select_options: [left, "Gold"] });
    expect(changed.status, changed.text).toBe(200);
    const file = await exported(here.client, { format });
    expect(await imported(registry, here.client, file, exportTypes[format])).toMatchObject({
      unchanged: 20,
      failed: 0,
    });
  });
});
