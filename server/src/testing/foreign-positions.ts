import type { Outcome } from "./authorization-matrix.ts";
import type { Enterprise } from "./two-enterprises.ts";

const customers = "/v1/enterprise-customers";
const fields = `${customers}/customfields`;

type Request = [method: string, path: string, body?: unknown];

/** A position in a request, other than its path, that may hold an id of another enterprise. */
export type ForeignPosition = {
  name: string;
  /** An id for this position, of an enterprise that has it. */
  idOf(enterprise: Enterprise): string;
  /** An id of the same form that exists nowhere. */
  unknown: string;
  request(own: Enterprise, id: string): Request;
  /** The response to an id outside the enterprise. */
  outcome: Outcome;
};

const missingId = "0123456789abcdef01234567";
const event = { start_date: "2026-01-31" };

const field = { idOf: (enterprise: Enterprise) => enterprise.fieldId, unknown: missingId };
const tag = { idOf: (enterprise: Enterprise) => enterprise.tagId, unknown: missingId };
const category = { idOf: (enterprise: Enterprise) => enterprise.categoryId, unknown: missingId };
const customer = { idOf: (enterprise: Enterprise) => enterprise.customerId, unknown: missingId };
const company = { idOf: (enterprise: Enterprise) => enterprise.companyIds[0], unknown: missingId };
const externalId = { idOf: (enterprise: Enterprise) => enterprise.externalId, unknown: "canaryNNN-known" };

export const foreignPositions: readonly ForeignPosition[] = [
  {
    name: "customfields of a create",
    ...field,
    request: (_, id) => ["POST", customers, { customfields: [{ id, value: "x" }] }],
    outcome: "400 FIELD_UNKNOWN",
  },
  {
    name: "customfields of an update",
    ...field,
    request: (own, id) => ["PATCH", `${customers}/${own.customerId}`, { customfields: [{ id, value: "x" }] }],
    outcome: "400 FIELD_UNKNOWN",
  },
  {
    name: "customfields of an import",
    ...field,
    request: (_, id) => ["POST", `${customers}/import`, [{ customfields: [{ id, value: "x" }] }]],
    outcome: "200",
  },
  {
    name: "values of an import",
    ...field,
    request: (_, id) => [
      "POST",
      `${customers}/import`,
      { customers: [{ values: { [id]: "x" } }], on_unknown: "warn", dry_run: true },
    ],
    outcome: "200",
  },
  {
    name: "tag_ids of a create",
    ...tag,
    request: (_, id) => ["POST", customers, { tag_ids: [id] }],
    outcome: "400 TAG_UNKNOWN",
  },
  {
    name: "tag_ids of an update",
    ...tag,
    request: (own, id) => ["PATCH", `${customers}/${own.customerId}`, { tag_ids: [id] }],
    outcome: "400 TAG_UNKNOWN",
  },
  {
    name: "tag_ids of an import",
    ...tag,
    request: (_, id) => ["POST", `${customers}/import`, [{ tag_ids: [id] }]],
    outcome: "200",
  },
  {
    name: "id of an import's row",
    ...customer,
    request: (_, id) => ["POST", `${customers}/import`, [{ id, values: { notes: "x" } }]],
    outcome: "200",
  },
  {
    name: "external id of an import's row that updates",
    ...externalId,
    request: (_, id) => ["POST", `${customers}/import`, { customers: [{ external_id: id }], mode: "update" }],
    outcome: "200",
  },
  {
    name: "import customer id of an import's row that updates",
    idOf: (enterprise) => `${enterprise.canary}-import`,
    unknown: "canaryNNN-import",
    request: (_, id) => [
      "POST",
      `${customers}/import`,
      { customers: [{ import_customer_id: id }], mode: "update" },
    ],
    outcome: "200",
  },
  {
    name: "external id in the path of a fetch",
    ...externalId,
    request: (_, id) => ["GET", `${customers}/${id}?external=1`],
    outcome: "404 CUSTOMER_NOT_FOUND",
  },
  {
    name: "external id in the path of an update",
    ...externalId,
    request: (_, id) => [
      "PATCH",
      `${customers}/${id}?external=1`,
      { customfields: [{ id: "notes", value: "x" }] },
    ],
    outcome: "404 CUSTOMER_NOT_FOUND",
  },
  {
    name: "external id in the path of the history",
    ...externalId,
    request: (_, id) => ["GET", `${customers}/${id}/history?external=1`],
    outcome: "404 CUSTOMER_NOT_FOUND",
  },
  {
    name: "external id in the path of the events",
    ...externalId,
    request: (_, id) => ["GET", `${customers}/${id}/events?external=1`],
    outcome: "404 CUSTOMER_NOT_FOUND",
  },
  {
    name: "category_id of a new field",
    ...category,
    request: (_, id) => ["POST", fields, { label: "in a category", type: "TEXT", category_id: id }],
    outcome: "400 CATEGORY_UNKNOWN",
  },
  {
    name: "category_id of a field",
    ...category,
    request: (own, id) => ["PATCH", `${fields}/${own.fieldId}`, { category_id: id }],
    outcome: "400 CATEGORY_UNKNOWN",
  },
  {
    name: "category_id of the list of fields",
    ...category,
    request: (_, id) => ["GET", `${fields}?category_id=${id}`],
    outcome: "200",
  },
  {
    name: "ids of the list",
    ...customer,
    request: (_, id) => ["GET", `${customers}?ids=${id}`],
    outcome: "200",
  },
  {
    name: "external_ids of the list",
    ...externalId,
    request: (_, id) => ["GET", `${customers}?external_ids=${id}`],
    outcome: "200",
  },
  {
    name: "tag_ids of the list",
    ...tag,
    request: (_, id) => ["GET", `${customers}?tag_ids=${id}`],
    outcome: "200",
  },
  {
    name: "company_ids of the list",
    ...company,
    request: (_, id) => ["GET", `${customers}?company_ids=${id}`],
    outcome: "200",
  },
  {
    name: "booker_id of the list",
    idOf: (enterprise) => `${enterprise.canary}-booker`,
    unknown: "canaryNNN-booker",
    request: (_, id) => ["GET", `${customers}?booker_id=${id}`],
    outcome: "200",
  },
  {
    name: "q of the list",
    idOf: (enterprise) => enterprise.canary,
    unknown: "canaryNNN",
    request: (_, id) => ["GET", `${customers}?q=${id}`],
    outcome: "200",
  },
  {
    name: "field of a filter",
    ...field,
    request: (_, id) => ["GET", `${customers}?filter[${id}]=x`],
    outcome: "400 FIELD_UNKNOWN",
  },
  {
    name: "value of a filter",
    idOf: (enterprise) => `${enterprise.canary}@example.com`,
    unknown: "canaryNNN@example.com",
    request: (_, id) => ["GET", `${customers}?filter[email]=${id}`],
    outcome: "200",
  },
  {
    name: "sort of the list",
    ...field,
    request: (_, id) => ["GET", `${customers}?sort=${id}`],
    outcome: "400 SORT_UNKNOWN",
  },
  {
    name: "fields of the list",
    ...field,
    request: (_, id) => ["GET", `${customers}?fields=${id}`],
    outcome: "400 FIELD_UNKNOWN",
  },
  {
    name: "cursor of the list",
    idOf: (enterprise) => enterprise.cursor,
    unknown: "bm90IGEgY3Vyc29y",
    request: (_, id) => ["GET", `${customers}?limit=1&cursor=${encodeURIComponent(id)}`],
    outcome: "400 CURSOR_INVALID",
  },
  {
    name: "cursor of the changes",
    idOf: (enterprise) => enterprise.changesCursor,
    unknown: "bm90IGEgY3Vyc29y",
    // One change: later ones hold ids of the other enterprise that this one has sent.
    request: (_, id) => ["GET", `/v1/customer-changes?limit=1&cursor=${id}`],
    outcome: "400 CURSOR_INVALID",
  },
  {
    name: "company of a new event",
    ...company,
    request: (own, id) => ["POST", `${customers}/${own.customerId}/events`, { ...event, company_id: id }],
    outcome: "400 COMPANY_UNKNOWN",
  },
  {
    name: "company of many events",
    ...company,
    request: (own, id) => [
      "POST",
      "/v1/customer-events",
      { events: [{ ...event, customer_id: own.customerId, company_id: id }] },
    ],
    outcome: "200",
  },
  {
    name: "customer of many events",
    ...customer,
    request: (_, id) => ["POST", "/v1/customer-events", { events: [{ ...event, customer_id: id }] }],
    outcome: "200",
  },
  {
    name: "customer of many events, by external id",
    ...externalId,
    request: (_, id) => ["POST", "/v1/customer-events", { events: [{ ...event, customer_external_id: id }] }],
    outcome: "200",
  },
  {
    name: "company of the list of events",
    ...company,
    request: (own, id) => ["GET", `${customers}/${own.customerId}/events?company_id=${id}`],
    outcome: "200",
  },
  {
    name: "company of a webhook",
    ...company,
    request: (_, id) => ["POST", "/v1/webhooks", { url: "https://hooks.example.com/", company_ids: [id] }],
    outcome: "400 COMPANY_UNKNOWN",
  },
  // Runs last: with an id of its own, the enterprise deletes its customer.
  {
    name: "external id in the path of a delete",
    ...externalId,
    request: (_, id) => ["DELETE", `${customers}/${id}?external=1`],
    outcome: "404 CUSTOMER_NOT_FOUND",
  },
];

export type TakenElsewhere = {
  name: string;
  request(own: Enterprise, other: Enterprise, customerId: string): Request;
};

/** Values that are unique per enterprise and taken in the other one: they are free here. */
export const takenElsewhere: readonly TakenElsewhere[] = [
  { name: "external id", request: (_, { externalId }) => ["POST", customers, { external_id: externalId }] },
  {
    name: "import customer id",
    request: (_, { canary }) => ["POST", customers, { import_customer_id: `${canary}-import` }],
  },
  {
    name: "value of a unique field",
    request: (own, { canary }) => [
      "POST",
      customers,
      { customfields: [{ id: own.fieldId, value: `${canary}-value` }] },
    ],
  },
  {
    name: "label and external id of a field",
    request: (_, { canary }) => [
      "POST",
      fields,
      { label: `${canary} field`, external_id: `${canary} field`, type: "TEXT" },
    ],
  },
  {
    name: "name and external id of a category",
    request: (_, { canary }) => [
      "POST",
      `${fields}/categories`,
      { name: `${canary} category`, external_id: `${canary} category` },
    ],
  },
  {
    name: "name of a tag",
    request: (_, { canary }) => ["POST", "/v1/customer-tags", { name: `${canary} tag` }],
  },
  {
    name: "external id of an event",
    request: (_, { canary }, customerId) => [
      "POST",
      `${customers}/${customerId}/events`,
      { ...event, external_id: `${canary}-event` },
    ],
  },
];
