/** What the document says that no route says: its groups and the header fields that all share. */
export const introduction = `The registry answers the operations of TIMIFY's Developer API under \`/v1/enterprise-customers\`; a program written for it works after changing its base address. What goes beyond is marked \`x-extension\`.

Requests are snake_case, answers camelCase. Ids are 24 lower-case hex digits. Times are UTC, \`YYYY-MM-DDTHH:MM:SSZ\`. Unset text is \`""\`, never null. An attribute that is not declared is an error that names it; an unknown query parameter is ignored.

Every error of a request is told, under \`details\`, with its place.`;

export const groups = {
  Authentication: "An app shows its id and secret and gets tokens.",
  Customers: "The customers of the enterprise.",
  Import: "Many customers in one request.",
  Imports: "Files of any number of customers, as jobs: planned, applied, followed, undone.",
  "Custom fields": "What a customer record is made of, and the categories its fields stand in.",
  Events: "What happened with a customer: bookings, and kinds of the caller's own.",
  Views: "What people have made of the table of customers: columns, order, filters.",
  Tags: "Marks that customers have.",
  Companies: "The branches of the enterprise.",
  Insight: "What is counted: growth, completeness, where customers are, and who asks how much.",
  Apps: "The programs that call for the enterprise, and their secrets.",
  People: "Those who sign in: members, what they may do, and invitations.",
  Webhooks: "Addresses that are told of changes, and what became of it.",
  Changes: "What has happened, for programs that keep a copy: each change once, in order.",
} as const;

const text = { type: "string" } as const;

export const headers = {
  "x-request-id": {
    description: "Names this request in the log of the service.",
    schema: { ...text, maxLength: 64 },
  },
  etag: { description: "The version of the record, for `If-Match` and `If-None-Match`.", schema: text },
  location: { description: "Where the work that goes on is looked at.", schema: text },
  ratelimit: { description: "What is left: `r` requests in `t` seconds.", schema: text },
  "ratelimit-policy": { description: "The limit: `q` requests in `w` seconds.", schema: text },
  "retry-after": { description: "Seconds to wait.", schema: { type: "integer" } },
  "www-authenticate": { description: "`Bearer`.", schema: text },
  "idempotency-replayed": {
    description: "`true` when the answer is that of an earlier request with the same key.",
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
    "The branch that the call acts for. One that is not the enterprise's own, or not the app's, is refused.",
  ),
  "x-request-id": extension(
    header("x-request-id", { pattern: "^[\\w-]{1,64}$" }, "The caller's own name for the request."),
  ),
  "idempotency-key": extension(
    header(
      "idempotency-key",
      { minLength: 1, maxLength: 255 },
      "Makes the write safe to send again: for 24 hours the same key and request get the stored answer.",
    ),
  ),
  "if-match": extension(
    header("if-match", {}, "An `ETag`: the write is refused when the record has changed since."),
  ),
  "if-none-match": extension(
    header("if-none-match", {}, "`ETag`s: answered with 304 when the record has one of them."),
  ),
} as const;
