import { type FieldErrorKey, fieldErrors, rendered } from "@clientele/contract/field-errors";
import { beforeAll, expect, test } from "vitest";
import { importsOf } from "../../testing/import-work.ts";
import { type Client, startApp } from "../../testing/start-app.ts";

const registry = startApp();
const customers = "/v1/enterprise-customers";
const fields = `${customers}/customfields`;
const bulk = "/v1/customer-bulk-changes";
const url = (text: string) => ["POST", "/v1/webhooks", { url: text }] as const;
const value = (id: string, text: unknown) =>
  ["POST", customers, { customfields: [{ id, value: text }] }] as const;
const row = (attributes: object) => ["POST", `${customers}/import`, { customers: [attributes] }] as const;
const field = (attributes: object) => ["POST", fields, { label: "F", type: "TEXT", ...attributes }] as const;
const notes = { customfields: [{ id: "notes", value: "x" }] };
const event = (attributes: object) =>
  ["POST", "/v1/customer-events", { events: [{ customer_external_id: "A-1", ...attributes }] }] as const;

const requests: readonly (readonly [method: string, path: string, body?: unknown])[] = [
  ["POST", customers, []],
  ["POST", customers, { external_id: 1, colour: "red", tag_ids: "x", customfields: {} }],
  ["POST", customers, { external_id: "x".repeat(300) }],
  ["POST", customers, { external_id: "" }],
  ["POST", customers, { external_id: "import" }],
  ["POST", customers, { external_id: "A-1" }],
  ["POST", customers, { external_id: "a\u0000" }],
  ["POST", customers, { external_id: "\ud800" }],
  ["POST", customers, { external_id: "a\u0001" }],
  ["POST", customers, { tag_ids: ["0123456789abcdef01234567"] }],
  [
    "POST",
    customers,
    {
      customfields: [
        { id: "lastName", value: "A" },
        { id: "lastName", value: "B" },
      ],
    },
  ],
  ["POST", customers, { customfields: [{ id: "lastName", values: ["A"] }, {}] }],
  ["POST", customers, "{"],
  ["POST", customers, "{'a':1}"],
  ["POST", customers, '{"a":}'],
  ["POST", customers, '{"a" 1}'],
  ["POST", customers, '{"a":1 "b":2}'],
  ["POST", customers, '{"a":[1}'],
  ["POST", customers, '{"a":1} x'],
  ["POST", customers, '{"a":"b'],
  ["POST", customers, '{"a":"\\q"}'],
  ["POST", customers, '{"external_id":"B","external_id":"C"}'],
  ["POST", customers, Buffer.from([0x7b, 0xff, 0x7d])],
  ["POST", customers, "[".repeat(200) + "]".repeat(200)],
  ["POST", customers, '{"external_id":1e999}'],
  value("shoe", "1"),
  value("email", "nobody"),
  value("birthday", "soon"),
  value("mobilePhone", "12"),
  value("mobilePhone", "{"),
  value("mobilePhone", '{"number":"1"}'),
  value("mobilePhone", '{"country":"DE"}'),
  value("mobilePhone", '{"number":"1","country":"DE"}'),
  value("mobilePhone", '{"number":"1","country":"DE","zone":1}'),
  value("mobilePhone", "+49 30 123456 ext. 7"),
  value("Size", "x"),
  value("Agreed", "perhaps"),
  value("Site", "ftp://x"),
  value("Colour", "green"),
  value("Code", "abc"),
  value("Required", ""),
  row({ id: "0123456789abcdef01234567" }),
  row({ external_id: "A-1", import_customer_id: 7 }),
  ["POST", `${customers}/import`, { customers: [{ external_id: "R" }, { external_id: "R" }] }],
  [
    "POST",
    `${customers}/import`,
    {
      customers: [
        { external_id: "R", ...notes },
        { external_id: "S", colour: 1 },
      ],
      atomic: true,
    },
  ],
  ["POST", `${customers}/import`, { customers: [], mode: "sideways", match_on: ["id", "id"] }],
  ["POST", `${customers}/import`, {}],
  ["GET", `${customers}?page=0&limit=x`],
  ["GET", `${customers}?sort=colour`],
  ["GET", `${customers}?cursor=x`],
  ["GET", `${customers}?colour=red`],
  ["GET", `${customers}?q=a&q=b`],
  ["GET", `${customers}?tag_ids=x&company_id=x`],
  ["GET", `${customers}?created_since=2026-02-31`],
  ["GET", `${customers}?values[birthday][min]=x`],
  ["GET", `${customers}?values[shoe]=x`],
  ["GET", `${customers}/%ff`],
  ["GET", `${customers}?q=%ff`],
  ["GET", "/v1/insight/growth?from=2020-01-01&to=2026-01-01"],
  ["GET", "/v1/insight/growth?from=2026-02-01&to=2026-01-01&interval=year"],
  ["GET", "/v1/customer-changes?cursor=x"],
  ["GET", "/v1/customer-changes?from=now&cursor=x"],
  field({ label: "" }),
  field({ label: "Colour" }),
  field({ type: "SHOE" }),
  field({ type: "SELECT" }),
  field({ select_options: ["a"] }),
  field({ type: "SELECT", select_options: ["a", "a"] }),
  field({ type: "SELECT", select_options: ["a", 7] }),
  field({ external_id: "import", order_index: -1 }),
  field({ category_id: "0123456789abcdef01234567" }),
  field({ validation: { pattern: "(" } }),
  field({ validation: { minLength: 5, maxLength: 2 } }),
  field({ validation: { min: "1" } }),
  field({ type: "MULTI_SELECT", select_options: ["a"], is_unique: true }),
  ["PATCH", `${fields}/email`, { type: "NUMBER" }],
  ["POST", `${fields}/categories`, { name: "" }],
  ["POST", "/v1/customer-tags", { name: "VIP" }],
  ["POST", "/v1/companies", { name: "" }],
  ["POST", "/v1/apps", { name: "App", scopes: ["FLY"] }],
  url("https://"),
  url("ftp://example.com/"),
  url("http://example.com/"),
  url("https://user:secret@example.com/"),
  url("https://127.0.0.1/"),
  url("https://example.com:22/"),
  ["POST", "/v1/webhooks", { url: "https://example.com/", kinds: [], company_ids: ["x"] }],
  ["POST", bulk, { selection: {}, change: notes }],
  ["POST", bulk, { selection: { ids: [], except_ids: [] }, change: notes }],
  ["POST", bulk, { selection: { ids: [] }, change: {} }],
  ["POST", bulk, { selection: { ids: [] }, change: { ...notes, delete: true } }],
  ["POST", bulk, { selection: { ids: Array(10_001).fill("x") }, change: notes }],
  event({}),
  event({ starts_at: "x", start_date: "x" }),
  event({ customer_external_id: "nobody", external_id: "E", title: "T", start_date: "2026-02-31" }),
  ["POST", "/v1/auth/token", {}],
];

const files: readonly (readonly [file: string | Buffer, query?: Record<string, string>, type?: string])[] = [
  ["PK\u0003\u0004"],
  ["%PDF-1.7\n"],
  ["a\u0000b\n"],
  [Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0])],
  ['external_id,lastName\nQ,"open\n'],
  ["shoe,size\n1,2\n"],
  ["external_id,shoe\n1,2\n"],
  ["external_id,lastName,Last name\n1,2,3\n"],
  ["external_id,lastName\n1,2,3,4\n,\n"],
  ["external_id,birthday\n1,31/31/31\n"],
  ["external_id,birthday\n1,x\n", { date_format: "DD.MM.YYYY" }],
  ["external_id,mobilePhone\n1,030 123456\n"],
  ['external_id,Size\n1,"1,5"\n'],
  ["external_id,Size\n1,x\n", { decimal: "," }],
  ["external_id,Agreed\n1,perhaps\n"],
  ["external_id,tags\n1,Unknown\n"],
  ["{", {}, "application/x-ndjson"],
  ["[1]\n", {}, "application/x-ndjson"],
  ["{]", {}, "application/json"],
  ['{"customers":[{"external_id":"1"}', {}, "application/json"],
  ['{"people":[]}', {}, "application/json"],
  ["x", {}, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
];

type Keyed = { key: FieldErrorKey; params: Record<string, string>; message: string };

/** Every error with a key anywhere in an answer. */
const errorsIn = (answer: unknown): Keyed[] => {
  if (typeof answer !== "object" || answer === null) return [];
  const nested = Object.values(answer).flatMap(errorsIn);
  return "key" in answer && "message" in answer ? [answer as Keyed, ...nested] : nested;
};

let client: Client;
beforeAll(async () => {
  client = await registry.client();
  for (const custom of [
    { label: "Size", type: "NUMBER" },
    { label: "Agreed", type: "CHECKBOX" },
    { label: "Site", type: "URL" },
    { label: "Colour", type: "SELECT", select_options: ["red", "blue"] },
    { label: "Code", type: "TEXT", validation: { pattern: "^[0-9]+$" } },
    { label: "Required", type: "TEXT", is_mandatory: true },
  ])
    expect((await client.post(fields, custom)).status).toBe(201);
  expect((await client.post("/v1/customer-tags", { name: "VIP" })).status).toBe(201);
  await client.post(customers, { external_id: "A-1", customfields: [{ id: "Required", value: "x" }] });
});

test("the message of every error is its template with its parameters, for at least 80 keys", async () => {
  const errors: Keyed[] = [];
  for (const [method, path, body] of requests) {
    const answer = await client.request(method, path, body === undefined ? {} : { body });
    expect(answer.status, `${method} ${path}`).toBeLessThan(500);
    errors.push(...errorsIn(answer.body));
  }
  const imports = importsOf(registry, client);
  for (const [file, query, type] of files) {
    const answer = await client.post("/v1/customer-imports", file, {
      query: query ?? {},
      headers: { "content-type": type ?? "text/csv" },
    });
    errors.push(...errorsIn(answer.body));
    if (answer.status !== 202) continue;
    await registry.work();
    const { id } = answer.body.data;
    errors.push(...errorsIn(await imports.job(id)), ...errorsIn(await imports.rows(id)));
  }
  for (const { key, params, message } of errors) {
    expect(message).toBe(rendered(key, params));
    expect(message).not.toMatch(/undefined|[{]\w+(\[(or)?\])?[}]/);
    for (const [, name = ""] of fieldErrors[key].matchAll(/\{(\w+)/g)) expect(params).toHaveProperty(name);
  }
  expect(new Set(errors.map(({ key }) => key)).size).toBeGreaterThanOrEqual(80);
});
