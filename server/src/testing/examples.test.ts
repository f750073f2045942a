import { type OperationId, routes } from "@clientele/contract";
import { scopes } from "@clientele/contract/route";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createCompany } from "../companies/provision.ts";
import { startApp } from "./start-app.ts";

/**
 * The examples of the OpenAPI document are real responses of the service. `npm run examples` updates them; this test
 * fails if the service responds differently.
 */
let now = new Date("2030-01-15T09:00:00Z");
const registry = startApp({ clock: () => now });

// The duration of an import varies.
beforeAll(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterAll(() => {
  vi.useRealTimers();
});

const recorded: Partial<Record<OperationId, { request?: unknown; response: unknown }>> = {};

test("the examples are real answers", async () => {
  const client = await registry.client({ scopes });
  await createCompany(
    registry.database.operator,
    client.enterpriseId,
    { name: "Berlin", externalId: "BER" },
    now,
  );

  /** Sends the request of an operation and records it; each is a minute after the one before. */
  async function record(id: OperationId, path: string, body?: unknown) {
    now = new Date(now.getTime() + 60_000);
    const route = routes[id];
    const answer = await client.request(route.method, path, body === undefined ? {} : { body });
    expect(answer.status, `${id}: ${answer.text}`).toBe(route.status);
    const response = answer.body ?? answer.text.replaceAll(/^id: .+$/gm, "id: <nextCursor>");
    recorded[id] = { ...(body === undefined ? {} : { request: body }), response };
    return answer.body?.data;
  }

  const credentials = { appid: client.appId, appsecret: client.appSecret };
  await record("createToken", "/v1/auth/token", credentials);
  await record("createTokenByQuery", `/v1/auth/token?${new URLSearchParams(credentials)}`);
  const { refreshToken } = (await registry.call("POST", "/v1/auth/token", { body: credentials })).body;
  await record("refreshToken", "/v1/auth/refreshtoken", { refreshtoken: refreshToken });
  const [{ id: companyId }] = await record("listCompanies", "/v1/companies");
  const branch = await record("createCompany", "/v1/companies", { name: "Aachen", external_id: "AAH" });
  await record("updateCompany", `/v1/companies/${branch.id}`, { name: "Aachen Mitte" });
  const till = await record("createApp", "/v1/apps", {
    name: "Till",
    scopes: ["READ", "WRITE"],
    company_ids: [branch.id],
  });
  await record("updateApp", `/v1/apps/${till.id}`, { scopes: ["READ"] });
  await record("rotateApp", `/v1/apps/${till.id}/rotate`);
  await record("revokeApp", `/v1/apps/${till.id}`);
  await record("listApps", "/v1/apps");

  await record("invitePerson", "/v1/people", { email: "ada@example.com", role: "editor" });
  const [{ id: invitationId }] = await record("listPeople", "/v1/people");
  await record("deleteInvitation", `/v1/people/invitations/${invitationId}`);
  const { enterpriseId } = client;
  const person = await registry.person({
    enterpriseId,
    role: "editor",
    name: "Ada",
    email: "ada@example.com",
  });
  await record("fetchMe", "/v1/me");
  const renamed = await person.patch("/v1/me", { name: "Ada Lovelace", locale: "de" });
  expect(renamed.status, renamed.text).toBe(200);
  recorded.updateMe = { request: { name: "Ada Lovelace", locale: "de" }, response: renamed.body };
  await record("updatePerson", `/v1/people/${person.personId}`, { role: "viewer" });
  await record("resetPassword", `/v1/people/${person.personId}/reset`);
  await record("removePerson", `/v1/people/${person.personId}`);

  const definitions = "/v1/enterprise-customers/customfields";
  const category = await record("createCategory", `${definitions}/categories`, { name: "Preferences" });
  await record("updateCategory", `${definitions}/categories/${category.id}`, {
    name: "Likes",
    order_index: 5,
  });
  await record("fetchCategory", `${definitions}/categories/${category.id}`);
  await record("listCategories", `${definitions}/categories`);
  const field = await record("createCustomField", definitions, {
    label: "Favourite drink",
    type: "SELECT",
    category_id: category.id,
    select_options: ["Coffee", "Tea"],
  });
  await record("updateCustomField", `${definitions}/${field.id}`, { is_searchable: true });
  await record("fetchCustomField", `${definitions}/${field.id}`);
  await record("listCustomFields", `${definitions}?limit=2`);

  await record("tryCustomField", `${definitions}/try`, {
    type: "TEXT",
    validation: { pattern: "[A-Z]{2}\\d{4}" },
    values: ["AB1234", "ab1234"],
  });
  await record("orderCustomFields", `${definitions}/order`, { ids: [field.id], category_id: category.id });
  await record("orderCategories", `${definitions}/categories/order`, { ids: [category.id] });

  const tag = await record("createTag", "/v1/customer-tags", { name: "Regular" });
  await record("renameTag", `/v1/customer-tags/${tag.id}`, { name: "Regulars" });

  const customers = "/v1/enterprise-customers";
  const customer = await record("createCustomer", customers, {
    external_id: "K-1001",
    tag_ids: [tag.id],
    customfields: [
      { id: "firstName", value: "Änne" },
      { id: "lastName", value: "Müller" },
      { id: "email", value: "aenne@example.com" },
      { id: "mobilePhone", value: '{"number":"15123456789","country":"DE"}' },
      { id: field.id, value: "Tea" },
    ],
  });
  const one = `${customers}/${customer.id}`;
  await record("updateCustomer", one, { customfields: [{ id: "lastName", value: "Meyer" }] });
  const event = {
    type: "booking",
    title: "Haircut",
    start_date: "2030-02-01T10:00:00Z",
    duration: 45,
    company_id: companyId,
  };
  await record("createEvent", `${one}/events`, { ...event, external_id: "B-1" });
  await record("createEvents", "/v1/customer-events", {
    events: [
      { ...event, customer_external_id: "K-1001", external_id: "B-2", start_date: "2030-03-01T10:00:00Z" },
    ],
  });
  await record("listEvents", `${one}/events`);
  await record("fetchCustomer", one);
  await record("importCustomers", `${customers}/import`, {
    customers: [
      { external_id: "K-1002", values: { firstName: "Bo", email: "bo@example.com" } },
      { external_id: "K-1003", values: { firstName: "Cy", email: "not an address" } },
    ],
    match_on: ["external_id"],
  });
  await record("listCustomers", `${customers}?q=meyer&limit=50`);
  await record("exportCustomers", `${customers}/export?fields=id,external_id,firstName,email,tags`);
  await record("exportSelection", `${customers}/export`, {
    selection: { query: { filter_is: { email: "set" } }, except_ids: [customer.id] },
    fields: ["id", "external_id", "firstName", "email", "tags"],
    sort: "lastName",
  });

  const imports = "/v1/customer-imports";
  await record("fetchImportTemplate", `${customers}/import-template.csv`);
  const plan = await record("createImport", `${imports}?dry_run=1&file_name=march.json`, {
    customers: [
      { external_id: "K-1001", values: { lastName: "Moser" } },
      { external_id: "K-1004", values: { firstName: "Di", email: "not an address" } },
    ],
  });
  await registry.work();
  await record("fetchImport", `${imports}/${plan.id}`);
  await record("listImportRows", `${imports}/${plan.id}/rows`);
  await record("fetchImportErrors", `${imports}/${plan.id}/errors.csv`);
  const applied = await record("applyImport", `${imports}/${plan.id}/apply`);
  await registry.work();
  await record("followImport", `${imports}/${applied.id}/progress`);
  const undo = await record("undoImport", `${imports}/${applied.id}/undo`);
  await record("cancelImport", `${imports}/${undo.id}/cancel`);
  await record("listImports", `${imports}?limit=2`);
  const bulk = await record("bulkChangeCustomers", "/v1/customer-bulk-changes", {
    selection: { query: { filter_is: { email: "set" } } },
    change: { add_tag_ids: [tag.id], customfields: [{ id: "country", value: "DE" }] },
    expected_count: 2,
    dry_run: true,
  });
  await record("cancelImport", `${imports}/${bulk.id}/cancel`);
  const views = "/v1/customer-views";
  const view = await record("createView", views, {
    name: "Regulars in Berlin",
    definition: {
      columns: [{ id: "fullName", width: 240 }, { id: "email" }, { id: field.id, isHidden: true }],
      sort: "lastName",
      sortType: "asc",
      query: { tag_ids: [tag.id], filter: { city: "Berlin" } },
    },
  });
  await record("updateView", `${views}/${view.id}`, { is_shared: true });
  await record("listViews", views);
  await record("deleteView", `${views}/${view.id}`);
  await record("keepCurrentView", `${views}/current`, {
    definition: { sort: "createdAt", sortType: "desc" },
  });
  await record("fetchCurrentView", `${views}/current`);
  await record("listTags", "/v1/customer-tags");
  await record("listHistory", `${one}/history`);
  await record("listFieldHistory", `${definitions}/${field.id}/history`);
  await record("listCategoryHistory", `${definitions}/categories/${category.id}/history`);

  const insight = "/v1/insight";
  await record("fetchGrowth", `${insight}/growth?interval=month&from=2029-12-01`);
  await record("fetchCompleteness", `${insight}/completeness`);
  await record("fetchCustomersByCompany", `${insight}/companies`);
  await record("fetchCustomersByTag", `${insight}/tags`);
  await record("fetchImportActivity", `${insight}/imports?days=7`);
  await record("fetchActivity", `${insight}/activity`);

  await record("listChanges", "/v1/customer-changes?subject=customer");
  await record("streamChanges", "/v1/customer-changes/stream?subject=tag");

  const webhook = await record("createWebhook", "/v1/webhooks", {
    url: "https://hooks.example.com/clientele",
    kinds: ["customer.*", "import.completed"],
  });
  const hook = `/v1/webhooks/${webhook.id}`;
  await record("updateWebhook", hook, { description: "Newsletter" });
  await record("rotateWebhookSecret", `${hook}/rotate-secret`);
  const delivery = await record("testWebhook", `${hook}/test`);
  await record("fetchWebhookDelivery", `${hook}/deliveries/${delivery.id}`);
  await record("redeliverWebhookDelivery", `${hook}/deliveries/${delivery.id}/redeliver`);
  await record("redeliverWebhook", `${hook}/redeliver`, { from: "2030-01-15", status: "failed" });
  await record("listWebhookDeliveries", `${hook}/deliveries?status=pending`);
  await record("fetchWebhook", hook);
  await record("listWebhooks", "/v1/webhooks");
  await record("deleteWebhook", hook);

  await record("deleteTag", `/v1/customer-tags/${tag.id}`);
  await record("deleteCustomField", `${definitions}/${field.id}`);
  await record("deleteCategory", `${definitions}/categories/${category.id}`);
  await record("deleteCustomer", one);
  await record("restoreCustomer", `${one}/restore`, {});

  expect(Object.keys(recorded).sort()).toEqual(Object.keys(routes).sort());
  await expect(steadied(recorded)).toMatchFileSnapshot("../../../contract/examples.json");
});

const epochBits = 24n;
const epochOfExamples = 11_259_375n;

/** Makes the text the same in every run: numbers ids in order of appearance, sets the epoch of changes, names secrets. */
function steadied(examples: object): string {
  const secrets = new Set([
    ...["accessToken", "refreshToken", "refreshtoken", "appsecret", "nextCursor"],
    ...["secret", "messageId", "link"],
  ]);
  const text = JSON.stringify(
    examples,
    (key, value) => (secrets.has(key) && typeof value === "string" ? `<${key}>` : value),
    2,
  );
  const ids = new Map<string, string>();
  const steady = text.replaceAll(/(?<![0-9a-f])[0-9a-f]{24}(?![0-9a-f])/g, (id) => {
    if (!ids.has(id)) ids.set(id, `70ba7c80${String(ids.size + 1).padStart(16, "0")}`);
    return ids.get(id)!;
  });
  // The id of a change ends with the epoch, which is random.
  const inOneEpoch = steady.replaceAll(
    /(?<=\\?"id\\?": ?\\?")\d{7,20}(?=\\?")/g,
    (id) => `${((BigInt(id) >> epochBits) << epochBits) + epochOfExamples}`,
  );
  return `${inOneEpoch}\n`;
}
