import { type OperationId, routes } from "@clientele/contract";
import type { Route } from "@clientele/contract/route";
import { beforeAll, describe, expect, test } from "vitest";
import { asStored, nastyStrings } from "./nasty-strings.ts";
import { type Answer, type Client, startApp } from "./start-app.ts";

const registry = startApp();
const customers = "/v1/enterprise-customers";
const fields = `${customers}/customfields`;
const here = "<here>";

const everyScope = { scopes: ["READ", "WRITE", "DELETE", "ADMIN"] } as const;
let client: Client;
const ids: Record<string, string> = {};
beforeAll(async () => {
  client = await registry.client(everyScope);
  const make = async (path: string, body: object): Promise<string> =>
    (await client.post(path, body)).body.data.id;
  const types = ["TEXT", "TEXTAREA", "EMAIL", "PHONE", "DATE", "NUMBER", "CHECKBOX", "URL"];
  for (const type of types) ids[type] = await make(fields, { label: `A ${type}`, type });
  for (const type of ["SELECT", "MULTI_SELECT"]) {
    ids[type] = await make(fields, { label: `A ${type}`, type, select_options: ["one", "two"] });
  }
  ids["changed field"] = await make(fields, { label: "changed", type: "SELECT", select_options: ["one"] });
  ids["category"] = await make(`${fields}/categories`, { name: "changed" });
  ids["tag"] = await make("/v1/customer-tags", { name: "changed" });
  ids["customer"] = await make(customers, { external_id: "known" });
  ids["webhook"] = await make("/v1/webhooks", { url: "https://example.com/hook" });
  ids["import"] = await make("/v1/customer-imports", [{ external_id: "imported" }]);
  ids["app"] = await make("/v1/apps", { name: "changed" });
  ids["company"] = await make("/v1/companies", { name: "changed" });
  ids["view"] = await make("/v1/customer-views", { name: "changed", definition: {} });
  ids["person"] = (await registry.person({ role: "viewer", enterpriseId: client.enterpriseId })).personId;
  await registry.work();
});

// biome-ignore lint/suspicious/noExplicitAny: what comes back is looked into by hand.
type Data = any;

type Position = {
  name: string;
  operation: OperationId;
  /** The body, with `here` at the position of the text. Created for each request. */
  body(): unknown;
  /** Reads an accepted text from the response. Without it, every text of the list is invalid here. */
  shown?(data: Data): string | Promise<string>;
  /** The stored form of a text. */
  stored?(text: string): string;
  /** The form in which a value must be unique. */
  unique?: string;
  /** The valid texts of the list. Without it, all that are within the length. */
  fits?(stored: string, text: string): boolean;
};

let made = 0;
const fresh = () => `made ${++made}`;
const fieldOf = (id: string) => (data: Data) =>
  data.fields.find((field: Data) => field.id === id)?.value ?? "";
const stored = (column: string) => async (data: Data) => {
  const { rows } = await registry.database.admin.query(
    `select ${column} as value from customers where id = $1`,
    [data.id],
  );
  return rows[0].value ?? "";
};
const upTo = (length: number) => (_: string, text: string) => [...text].length <= length;
const named = (length: number) => (stored: string, text: string) =>
  stored !== "" && [...text].length <= length;
const control = /[\u0000-\u001f\u007f-\u009f]/;
const isExternalId = (stored: string, text: string) =>
  [...text].length <= 255 && !control.test(stored) && ![".", "..", "import", "customfields"].includes(stored);
const whole = (text: string) => text;
const asFieldError = "an error";

const valuePositions = (
  name: string,
  operation: OperationId,
  around: (field: object) => unknown,
): Position[] => {
  const value = (type: string, more: Partial<Position>): Position => ({
    name: `${name} ${type}`,
    operation,
    body: () => around({ id: ids[type], value: here }),
    shown: (data) => fieldOf(ids[type]!)(data),
    ...more,
  });
  return [
    value("TEXT", { fits: (stored) => stored.length <= 10_000 }),
    value("TEXTAREA", { fits: (stored) => stored.length <= 100_000 }),
    value("EMAIL", { fits: (stored) => stored === "" || stored.includes("@\u4f8b") }),
    value("PHONE", { fits: (stored) => stored === "" }),
    value("DATE", { fits: (stored) => stored === "" }),
    value("NUMBER", { fits: (stored) => /^(-?\d{1,30})?$/.test(stored) }),
    value("CHECKBOX", { fits: (stored) => stored === "" }),
    value("URL", { fits: (stored) => stored === "" }),
    value("SELECT", { fits: (stored) => stored === "" }),
    value("MULTI_SELECT", { fits: (stored) => stored === "" }),
    {
      name: `${name} MULTI_SELECT, one of its values`,
      operation,
      body: () => around({ id: ids["MULTI_SELECT"], values: [here] }),
      shown: (data) => fieldOf(ids["MULTI_SELECT"]!)(data),
      fits: (stored) => stored === "",
    },
    { name: `${name} field`, operation, body: () => around({ id: here, value: "x" }) },
  ];
};

const customerPositions = (operation: "createCustomer" | "updateCustomer"): Position[] => [
  {
    name: "external_id",
    operation,
    body: () => ({ external_id: here }),
    shown: (answer) => answer.externalId,
    unique: "external id of a customer",
    fits: isExternalId,
  },
  {
    name: "booker_id",
    operation,
    body: () => ({ booker_id: here }),
    shown: stored("booker_id"),
    fits: upTo(255),
  },
  { name: "tag_ids", operation, body: () => ({ tag_ids: [here] }) },
  ...valuePositions("value of", operation, (field) => ({ customfields: [field] })),
];

const fieldPositions = (operation: "createCustomField" | "updateCustomField"): Position[] => {
  const around = (more: object) => () => ({
    label: fresh(),
    type: "SELECT",
    select_options: ["one"],
    ...more,
  });
  const option = (more: object) => around({ select_options: ["one", { value: fresh(), ...more }] });
  return [
    {
      name: "label",
      operation,
      body: around({ label: here }),
      shown: (answer) => answer.label,
      unique: "of a field",
      fits: named(255),
    },
    { name: "type", operation, body: around({ type: here }) },
    { name: "category_id", operation, body: around({ category_id: here }) },
    {
      name: "external_id",
      operation,
      body: around({ external_id: here }),
      shown: (answer) => answer.externalId,
      unique: "of a field",
      fits: isExternalId,
    },
    {
      name: "placeholder",
      operation,
      body: around({ placeholder: here }),
      shown: (answer) => answer.placeholder,
      fits: upTo(255),
    },
    {
      name: "option",
      operation,
      body: around({ select_options: [here] }),
      shown: (answer) => answer.selectOptions.find((option: Data) => option.isActive).value,
      fits: named(255),
    },
    {
      name: "value of an option",
      operation,
      body: option({ value: here }),
      shown: (answer) => answer.selectOptions[1].value,
      fits: named(255),
    },
    {
      name: "label of an option",
      operation,
      body: option({ label: here }),
      shown: ({ selectOptions: [, it] }) => (it.label === it.value ? "" : it.label),
      fits: upTo(255),
    },
    { name: "id of an option", operation, body: option({ id: here }) },
  ];
};

const eventPositions: Position[] = (() => {
  const operation = "createEvent" as const;
  const around = (more: object) => () => ({ start_date: "2026-01-31", ...more });
  return [
    {
      name: "external_id",
      operation,
      body: around({ external_id: here }),
      shown: (answer) => answer.externalId,
      fits: isExternalId,
    },
    {
      name: "type",
      operation,
      body: around({ type: here }),
      shown: (answer) => answer.type,
      fits: named(64),
    },
    {
      name: "title",
      operation,
      body: around({ title: here }),
      shown: (answer) => answer.title,
      fits: upTo(500),
    },
    {
      name: "notes",
      operation,
      body: around({ notes: here }),
      shown: (answer) => answer.notes,
      fits: upTo(10_000),
    },
    {
      name: "status",
      operation,
      body: around({ status: here }),
      shown: (answer) => answer.status,
      fits: upTo(64),
    },
    { name: "start_date", operation, body: around({ start_date: here }) },
    { name: "end_date", operation, body: around({ end_date: here }) },
    {
      name: "company_id",
      operation,
      body: around({ company_id: here }),
      shown: (answer) => answer.companyId,
      stored: whole,
      fits: (stored) => stored === "",
    },
    // The caller's own data is not changed.
    {
      name: "metadata",
      operation,
      body: around({ metadata: { a: [{ b: here }] } }),
      shown: (answer) => answer.metadata.a[0].b,
      stored: whole,
      fits: (_, text) => text.length < 16_000,
    },
    {
      name: "key of metadata",
      operation,
      body: around({ metadata: { [here]: "x" } }),
      shown: (answer) => Object.keys(answer.metadata)[0]!,
      stored: whole,
      fits: (_, text) => text.length < 16_000 && text !== "__proto__",
    },
  ];
})();

const positions: Position[] = [
  ...customerPositions("createCustomer"),
  {
    name: "import_customer_id",
    operation: "createCustomer",
    body: () => ({ import_customer_id: here }),
    shown: stored("import_customer_id"),
    unique: "import customer id",
    fits: upTo(255),
  },
  ...customerPositions("updateCustomer"),
  {
    name: "external_id",
    operation: "restoreCustomer",
    body: () => ({ external_id: here }),
    shown: (answer) => answer.externalId,
    unique: "external id of a customer",
    fits: isExternalId,
  },
  {
    name: "import_customer_id",
    operation: "restoreCustomer",
    body: () => ({ import_customer_id: here }),
    shown: stored("import_customer_id"),
    unique: "import customer id",
    fits: upTo(255),
  },
  { name: "as_of", operation: "restoreCustomer", body: () => ({ as_of: here }) },
  ...fieldPositions("createCustomField"),
  ...fieldPositions("updateCustomField"),
  ...(["createCategory", "updateCategory"] as const).flatMap((operation): Position[] => [
    {
      name: "name",
      operation,
      body: () => ({ name: here }),
      shown: (answer) => answer.name,
      unique: "name of a category",
      fits: named(255),
    },
    {
      name: "external_id",
      operation,
      body: () => ({ name: fresh(), external_id: here }),
      shown: (answer) => answer.externalId,
      unique: "external id of a category",
      fits: isExternalId,
    },
  ]),
  ...(["createTag", "renameTag"] as const).map(
    (operation): Position => ({
      name: "name",
      operation,
      body: () => ({ name: here }),
      shown: (answer) => answer.name,
      unique: "name of a tag",
      fits: named(100),
    }),
  ),
  ...(["createWebhook", "updateWebhook"] as const).flatMap((operation): Position[] => [
    {
      name: "description",
      operation,
      body: () => ({ url: "https://example.com/hook", description: here }),
      shown: (answer) => answer.description,
      fits: upTo(500),
    },
    { name: "url", operation, body: () => ({ url: here }) },
    { name: "kinds", operation, body: () => ({ url: "https://example.com/hook", kinds: [here] }) },
    {
      name: "company_ids",
      operation,
      body: () => ({ url: "https://example.com/hook", company_ids: [here] }),
    },
  ]),
  ...(["createApp", "updateApp"] as const).flatMap((operation): Position[] => [
    {
      name: "name",
      operation,
      body: () => ({ name: here }),
      shown: (answer) => answer.name,
      fits: named(200),
    },
    { name: "scopes", operation, body: () => ({ name: fresh(), scopes: [here] }) },
    { name: "company_ids", operation, body: () => ({ name: fresh(), company_ids: [here] }) },
  ]),
  ...(["createCompany", "updateCompany"] as const).flatMap((operation): Position[] => [
    {
      name: "name",
      operation,
      body: () => ({ name: here }),
      shown: (answer) => answer.name,
      unique: "name of a company",
      fits: named(200),
    },
    {
      name: "external_id",
      operation,
      body: () => ({ name: fresh(), external_id: here }),
      shown: (answer) => answer.externalId,
      unique: "external id of a company",
      fits: isExternalId,
    },
  ]),
  ...(["createView", "updateView"] as const).flatMap((operation): Position[] => [
    {
      name: "name",
      operation,
      body: () => ({ name: here, definition: {} }),
      shown: (answer) => answer.name,
      unique: "name of a view",
      fits: named(100),
    },
    {
      name: "words of the query",
      operation,
      body: () => ({ name: fresh(), definition: { query: { q: here } } }),
      shown: (answer) => answer.definition.query.q,
      stored: whole,
      fits: upTo(500),
    },
  ]),
  {
    name: "words of the query",
    operation: "keepCurrentView",
    body: () => ({ definition: { query: { q: here } } }),
    shown: (answer) => answer.definition.query.q,
    stored: whole,
    fits: upTo(500),
  },
  {
    name: "column",
    operation: "exportSelection",
    body: () => ({ selection: { ids: [] }, fields: [here] }),
  },
  {
    name: "field of the query",
    operation: "exportSelection",
    body: () => ({ selection: { query: { filter: { [here]: "x" } } } }),
  },
  {
    name: "tag",
    operation: "bulkChangeCustomers",
    body: () => ({ selection: { ids: [] }, change: { add_tag_ids: [here] } }),
  },
  {
    name: "field",
    operation: "bulkChangeCustomers",
    body: () => ({ selection: { ids: [] }, change: { customfields: [{ id: here, value: "x" }] } }),
  },
  {
    name: "email",
    operation: "invitePerson",
    body: () => ({ email: here, role: "viewer" }),
    shown: (answer) => answer.email,
    fits: () => false,
  },
  { name: "role", operation: "updatePerson", body: () => ({ role: here }) },
  { name: "ids", operation: "orderCustomFields", body: () => ({ ids: [here] }) },
  { name: "ids", operation: "orderCategories", body: () => ({ ids: [here] }) },
  {
    name: "values",
    operation: "tryCustomField",
    body: () => ({ type: "EMAIL", values: ["a@example.com", here] }),
    shown: ({ results: [, { error, value }] }) => (error === null ? value : asFieldError),
    stored: (text) => (asStored(text) === "" || text.includes("@\u4f8b") ? asStored(text) : asFieldError),
    fits: () => true,
  },
  { name: "from", operation: "redeliverWebhook", body: () => ({ from: here }) },
  ...eventPositions,
];

const addressOf = (operation: OperationId): string =>
  routes[operation].path
    .replace("{customerId}", ids["customer"]!)
    .replace("{fieldId}", ids["changed field"]!)
    .replace("{categoryId}", ids["category"]!)
    .replace("{tagId}", ids["tag"]!)
    .replace("{importId}", ids["import"]!)
    .replace("{webhookId}", ids["webhook"]!)
    .replace("{appId}", ids["app"]!)
    .replace("{companyId}", ids["company"]!)
    .replace("{viewId}", ids["view"]!)
    .replace("{personId}", ids["person"]!);

const pathOf = (value: unknown): string[] => {
  if (value === here) return [];
  for (const [key, inner] of Object.entries(value ?? {})) {
    if (key === here) return [];
    if (JSON.stringify(inner)?.includes(here)) return [key, ...pathOf(inner)];
  }
  return [];
};

/** An error has the path of the text, or of a part or parent of it. */
function expectPlaced(
  details: Record<string, Record<string, string>> | null,
  part: string,
  path: string,
): void {
  const places = Object.keys(details?.[part] ?? {});
  const isNear = (place: string) =>
    path === place || place.startsWith(`${path}.`) || (place !== "" && path.startsWith(`${place}.`));
  expect(places.some(isNear), `${JSON.stringify(details)?.slice(0, 300)} names ${path}`).toBe(true);
}

const refused = (literal: string) => /\\u0000|\\ud800|\\udc00/.test(literal.replaceAll("\\\\", ""));

/** The records created so far. In lower case, as tags are compared; no other texts of the list differ by case only. */
const taken = new Set<string>();

describe.each(positions)(
  "$operation $name",
  ({ operation, body, shown, stored = asStored, unique, fits }) => {
    const { method, status }: Route = routes[operation];

    test("accepts each text as the contract defines, or names its path", async () => {
      for (const [nasty, literal] of Object.entries(nastyStrings)) {
        const written = body();
        const address = addressOf(operation);
        const sent = JSON.stringify(written).replace(here, () => literal);
        const answer = await client.request(method, address, { body: sent });
        const isRefused = refused(literal);
        const text = isRefused ? "" : (JSON.parse(`"${literal}"`) as string);
        const value = stored(text);
        const mayBeTaken = !isRefused && shown !== undefined && (fits?.(value, text) ?? true);
        const place = `${nasty}: ${answer.status} ${answer.text.slice(0, 300)}`;
        if (answer.status === status) {
          expect(mayBeTaken, place).toBe(true);
          expect(await shown!(answer.body.data), place).toBe(value);
          if (unique && status === 201) taken.add(`${unique} ${value.toLowerCase()}`);
          await expectReadBack(operation, answer, place);
        } else if (answer.status === 409) {
          expect(taken.has(`${unique} ${value.toLowerCase()}`), place).toBe(true);
        } else {
          expect(mayBeTaken, place).toBe(false);
          expect(answer.status, place).toBe(400);
          expectPlaced(answer.body.details, "body", pathOf(written).join("."));
        }
      }
    });
  },
);

/** The response to a write equals the stored record, and a record with an external id is found by it. */
async function expectReadBack(operation: OperationId, { body, text }: Answer, place: string): Promise<void> {
  const { data } = body;
  if (operation === "createCustomer" || operation === "updateCustomer") {
    expect((await client.get(`${customers}/${data.id}`)).text, place).toBe(text);
    if (data.externalId !== "") {
      const found = await client.get(`${customers}/${encodeURIComponent(data.externalId)}?external=1`);
      expect(found.text, place).toBe(text);
      const listed = await client.get(customers, { query: { ids: data.id } });
      expect(listed.body.data, place).toEqual([data]);
    }
  } else if (operation === "createCustomField" || operation === "updateCustomField") {
    expect((await client.get(`${fields}/${data.id}`)).text, place).toBe(text);
    // Hundreds of fields would make every write slow and do not matter here.
    if (operation === "createCustomField") await client.delete(`${fields}/${data.id}`);
  } else if (operation === "createCategory" || operation === "updateCategory") {
    expect((await client.get(`${fields}/categories/${data.id}`)).text, place).toBe(text);
  } else if (operation === "createEvent") {
    const listed = await client.get(`${customers}/${ids["customer"]}/events`);
    expect(
      listed.body.data.find(({ id }: Data) => id === data.id),
      place,
    ).toEqual(data);
  }
}

describe("a row of an import", () => {
  const rowPositions: [string, () => object][] = [
    ["id", () => ({ id: here })],
    ["external_id", () => ({ external_id: here, id: "x" })],
    ["import_customer_id", () => ({ import_customer_id: here, id: "x" })],
    ["values", () => ({ values: { email: here } })],
    ["key of values", () => ({ values: { [here]: "x" } })],
    ["customfields", () => ({ customfields: [{ id: "email", value: here }] })],
    ["field of customfields", () => ({ customfields: [{ id: here, value: "x" }] })],
    ["tag_ids", () => ({ tag_ids: [here] })],
    ["booker_id", () => ({ booker_id: here, id: "x" })],
  ];
  test.each(rowPositions)(
    "with any text as %s fails alone, and the row beside it does not",
    async (_, row) => {
      for (const [nasty, literal] of Object.entries(nastyStrings)) {
        const sent = JSON.stringify({ customers: [row(), { booker_id: "beside" }], dry_run: true });
        const answer = await client.post(
          `${customers}/import`,
          sent.replace(here, () => literal),
        );
        const place = `${nasty}: ${answer.status} ${answer.text.slice(0, 300)}`;
        if (refused(literal) || (nasty === "a prototype" && answer.status === 400)) {
          expect(answer.status, place).toBe(400);
          expect(Object.keys(answer.body.details.body).join(), place).toMatch(/^customers\.0/);
          continue;
        }
        expect(answer.status, place).toBe(200);
        const [first, second] = answer.body.data.results;
        expect(second.outcome, place).toBe("created");
        expect(["created", "unchanged", "failed"], place).toContain(first.outcome);
        if (first.outcome === "failed") expect(first.errors[0].path, place).not.toBe("");
      }
    },
  );
});

/** Percent-encoded bytes. `%` and the characters after it are sent unchanged. */
const nastyAddresses: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(nastyStrings)
      .filter(([, literal]) => !refused(literal) && literal.length < 4_000)
      .map(([name, literal]) => [name, encodeURIComponent(JSON.parse(`"${literal}"`))]),
  ),
  "U+0000 escaped": "a%00b",
  "a byte that is no UTF-8": "a%FFb",
  "an overlong slash": "%C0%AF",
  "half a pair as UTF-8": "%ED%A0%80",
  "an escape that is none": "a%zz",
  "an escape without end": "a%",
};
const isBroken = (name: string) => !(name in nastyStrings);

describe("every string of a query", () => {
  const queried = (Object.keys(routes) as OperationId[]).flatMap((operation) => {
    const { query, method, scope }: Route = routes[operation];
    if (method !== "GET" || !query || scope === null) return [];
    return Object.keys(query.properties).map((parameter) => ({ operation, parameter }));
  });
  test.each(queried)("$operation $parameter", async ({ operation, parameter }) => {
    for (const [nasty, encoded] of Object.entries(nastyAddresses)) {
      const names =
        parameter === "filter" ? ["filter[email]", `filter[${encoded}]`] : [parameter, `${parameter}[]`];
      for (const name of names) {
        const answer = await client.get(`${addressOf(operation)}?${name}=${encoded}`);
        const place = `${name} ${nasty}: ${answer.status} ${answer.text.slice(0, 300)}`;
        expect([200, 400, 404], place).toContain(answer.status);
        if (isBroken(nasty)) expect(answer.status, place).toBe(400);
        if (answer.status === 400) {
          expect(Object.keys(answer.body.details ?? {}), place).toEqual(["query"]);
          expect(Object.keys(answer.body.details.query).join(), place).toContain(parameter);
        }
      }
    }
  });
});

describe("every segment of a path", () => {
  const addressed = (Object.keys(routes) as OperationId[])
    .filter((operation) => routes[operation].path.includes("{"))
    .flatMap((operation) => [
      { operation, external: "" },
      ...(routes[operation].path.includes("customerId") ? [{ operation, external: "?external=1" }] : []),
    ]);
  test.each(addressed)("$operation $external", async ({ operation, external }) => {
    const { method, path, body }: Route = routes[operation];
    const stranger = await registry.client(everyScope);
    for (const [nasty, encoded] of Object.entries(nastyAddresses)) {
      // Clients and proxies resolve `..` in a path; an empty segment shortens the path.
      if (/^(%E2%80%8B)?\.?\.?(%E2%80%8B)?$/.test(encoded)) continue;
      const address = path.replace(/\{\w+\}/, encoded) + external;
      const written = operation === "createEvent" ? { start_date: "2026-01-31" } : { name: "x" };
      const valid = operation === "updateCustomer" || operation === "updateCustomField" ? {} : written;
      const answer = await stranger.request(method, address, body ? { body: valid } : {});
      const place = `${nasty}: ${answer.status} ${answer.text.slice(0, 300)}`;
      expect(isBroken(nasty) ? [400] : [400, 404, 405], place).toContain(answer.status);
    }
  });
});

describe("every header that the service reads", () => {
  const values = Object.values(nastyStrings)
    .filter((literal) => !refused(literal))
    .map((literal) => Buffer.from(JSON.parse(`"${literal}"`)).toString("latin1"))
    .filter((text) => text.length < 8_000 && !/[\r\n]/.test(text));
  test.each([
    "authorization",
    "company-id",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "x-request-id",
    "accept",
    "content-type",
    "content-encoding",
  ])("%s is refused, ignored or used, whatever its content", async (header) => {
    for (const [index, value] of values.entries()) {
      const read = index % 2 === 0 || header === "if-none-match";
      const options = { headers: { [header]: value }, ...(read ? {} : { body: {} }) };
      const answer = await client.request(
        read ? "GET" : "POST",
        `${customers}${read ? "?limit=1" : ""}`,
        options,
      );
      const place = `${value.slice(0, 80)}: ${answer.status} ${answer.text.slice(0, 300)}`;
      expect([200, 201, 400, 401, 403, 406, 409, 415, 422], place).toContain(answer.status);
      expect(String(answer.headers["x-request-id"]), place).toMatch(/^[\w-]{1,64}$/);
    }
  });
});

test("every write of the contract is covered by this test", () => {
  const writes = (Object.keys(routes) as OperationId[]).filter((id) => {
    const { body, scope }: Route = routes[id];
    return body !== undefined && scope !== null;
  });
  const tried = new Set<OperationId>(positions.map(({ operation }) => operation));
  expect(writes.filter((id) => !tried.has(id)).sort()).toEqual([
    "createEvents",
    "createImport",
    "importCustomers",
    // Not for apps: the names of people are tested with people.
    "updateMe",
  ]);
});
