/** The texts of the OpenAPI document that belong to no single route: introduction, groups and shared headers. */
export const introduction = `The registry implements TIMIFY's \`/v1/enterprise-customers\` API; a program written for that API works after changing its base address. Everything beyond it is marked \`x-extension\`.

Requests use snake_case, answers camelCase. Ids are 24 lower-case hex digits. Times are UTC, \`YYYY-MM-DDTHH:MM:SSZ\`. Unset strings are \`""\`, never null. Unknown attributes in a body are rejected; unknown query parameters are ignored. In the API a branch is called \`company\`.

Validation reports every error at once under \`details\`, each with its path.`;

export const groups = {
  Authentication: "Exchange an app's id and secret for tokens.",
  Customers: "The customers of the enterprise.",
  Import: "Create or update many customers in one request.",
  Imports: "File imports and bulk changes of any size, as jobs: preview, apply, follow, undo.",
  "Custom fields": "The fields of a customer record and their categories.",
  Events: "A customer's bookings and other events.",
  Views: "Saved views of the customer table: columns, order, filters.",
  Tags: "Labels of customers.",
  Companies: "The branches of the enterprise. In the API a branch is called `company`.",
  Insight: "Statistics: growth, completeness, customers by branch and tag, imports and API usage.",
  Apps: "Programs that call the API, with their scopes and secrets.",
  People: "Members of the enterprise, their roles, and invitations.",
  Webhooks: "Endpoints that receive changes, and their deliveries.",
  Changes: "The change feed for programs that maintain a copy: each change once, in order.",
} as const;

const text = { type: "string" } as const;

export const headers = {
  "x-request-id": {
    description: "Id of the request in the log of the service.",
    schema: { ...text, maxLength: 64 },
  },
  etag: { description: "The version of the record, for `If-Match` and `If-None-Match`.", schema: text },
  location: { description: "Address of the job.", schema: text },
  ratelimit: { description: "Remaining quota: `r` requests in the next `t` seconds.", schema: text },
  "ratelimit-policy": { description: "Quota: `q` requests in `w` seconds.", schema: text },
  "retry-after": { description: "Seconds to wait before a retry.", schema: { type: "integer" } },
  "www-authenticate": { description: "`Bearer`.", schema: text },
  "idempotency-replayed": {
    description: "`true` when the answer repeats that of an earlier request with the same key.",
    schema: text,
  },
} as const;

const header = (name: string, schema: object, description: string) => ({
  name,
  in: "header",
  required: false,
  description,
  schema: { ...text, ...schema },
});
const extension = (parameter: ReturnType<typeof header>) => ({ ...parameter, "x-extension": true });

export const requestHeaders = {
  "company-id": header(
    "company-id",
    { pattern: "^[0-9a-f]{24}$" },
    "Id of the branch (company) that the request acts for. The enterprise must own the branch and the caller must be permitted to act for it.",
  ),
  "x-request-id": extension(
    header("x-request-id", { pattern: "^[\\w-]{1,64}$" }, "The caller's id for the request."),
  ),
  "idempotency-key": extension(
    header(
      "idempotency-key",
      { minLength: 1, maxLength: 255 },
      "Makes a retry of the write safe: for 24 hours the same request with the same key gets the stored answer.",
    ),
  ),
  "if-match": extension(
    header("if-match", {}, "An `ETag`: the write is rejected when the record has changed since."),
  ),
  "if-none-match": extension(
    header(
      "if-none-match",
      {},
      "One or more `ETag`s: the answer is 304 when the record still has one of them.",
    ),
  ),
} as const;
