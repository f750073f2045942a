import { Type } from "typebox";
import { administrativeSubjects } from "./changes.ts";
import { Deleted, Paging } from "./envelopes.ts";
import { closed, DateOrTime, errorKey, Id, Nullable, OneOf, Timestamp } from "./formats.ts";
import { route } from "./route.ts";

/** What changes: the first half of a kind, and what the journal calls it. */
export const webhookSubjects = ["customer", "custom_field", "category", "tag", "event", "company"] as const;

const subjects = [...webhookSubjects, ...administrativeSubjects];
/** The types of the events that endpoints receive. */
export const webhookEventTypes = [
  ...subjects.flatMap(
    (subject) => [`${subject}.created`, `${subject}.updated`, `${subject}.deleted`] as const,
  ),
  "import.completed",
] as const;
export type WebhookEventType = (typeof webhookEventTypes)[number];

/** The values of `kinds`: all events, all of a subject, or one type. */
export const webhookKinds = [
  "*",
  ...subjects.map((subject) => `${subject}.*` as const),
  ...webhookEventTypes,
] as const;
export type WebhookKind = (typeof webhookKinds)[number];

/** What an endpoint is sent when that is asked for. */
export const testKind = "webhook.test";

export const stopReasons = ["paused", "failing", "gone"] as const;
export const deliveryStatuses = ["pending", "delivered", "failed"] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

const webhook = {
  id: Id,
  url: Type.String(),
  description: Type.String(),
  kinds: Type.Array(OneOf(webhookKinds)),
  companyIds: Nullable(
    Type.Array(Id, { description: "Changes that were made for these. Null: all changes." }),
  ),
  isPaused: Type.Boolean({
    description: "Nothing is sent; what happens meanwhile is, once it is `false` again.",
  }),
  isDisabled: Type.Boolean({ description: "Its receiver has said that it is gone for good (410)." }),
  stopReason: Nullable(
    OneOf(stopReasons, {
      description: "`paused` on request, `failing` for five days, `gone` by status 410.",
    }),
  ),
  stoppedAt: Nullable(Timestamp),
  failingSince: Nullable(
    Type.Unsafe<string>({ ...Timestamp, description: "The first failure since the last success." }),
  ),
  formerSecretUntil: Nullable(
    Type.Unsafe<string>({
      ...Timestamp,
      description: "Until then the secret before this one signs as well.",
    }),
  ),
  createdAt: Timestamp,
  updatedAt: Timestamp,
};

export const Webhook = Type.Object(webhook, { title: "Webhook" });

export const WebhookWithSecret = Type.Object(
  {
    ...webhook,
    secret: Type.String({ description: "`whsec_…`, as Standard Webhooks has it. Shown this once." }),
  },
  { title: "WebhookWithSecret" },
);

export const WebhookAttempt = Type.Object(
  {
    at: Timestamp,
    durationMs: Type.Integer(),
    status: Nullable(Type.Integer({ description: "Of the answer; null when there was none." })),
    answer: Type.String({ description: "The first 2 KiB of its body." }),
    error: Type.String({ description: "Why there was no answer." }),
  },
  { title: "WebhookAttempt" },
);

const delivery = {
  id: Id,
  messageId: Type.String({ description: "The header `webhook-id`, the same at each attempt." }),
  kind: Type.String(),
  subjectId: Type.String({ description: "The record that changed." }),
  changeId: Nullable(Type.String()),
  status: OneOf(deliveryStatuses),
  attemptCount: Type.Integer(),
  lastAttempt: Nullable(WebhookAttempt),
  nextAttemptAt: Nullable(Timestamp),
  createdAt: Timestamp,
  finishedAt: Nullable(Timestamp),
};

export const WebhookDelivery = Type.Object(delivery, { title: "WebhookDelivery" });

export const WebhookDeliveryInFull = Type.Object(
  {
    ...delivery,
    body: Type.String({ description: "As it is sent and signed." }),
    attempts: Type.Array(WebhookAttempt, { description: "The first one first." }),
  },
  { title: "WebhookDeliveryInFull" },
);

const written = {
  url: Type.String({
    maxLength: 2_000,
    pattern: "^https?://",
    ...errorKey("URL_INVALID"),
    description: "`https`, on port 443 or from 1024 up; what else is allowed says the operator.",
  }),
  kinds: Type.Array(OneOf(webhookKinds), {
    minItems: 1,
    maxItems: 100,
    description:
      "Default all: `*`. `customer.*` is all that happens to customers. What happens to apps, webhooks and people is not in `*`: `app.*`, `webhook.*`, `person.*` and their kinds are asked for by name, and by callers with ADMIN alone.",
  }),
  company_ids: Nullable(
    Type.Array(Type.String(), {
      minItems: 1,
      maxItems: 1_000,
      description: "Changes that were made for these companies alone. Null, the default: all changes.",
    }),
  ),
  description: Type.String({ maxLength: 500 }),
};
const WebhookWrite = Type.Object(
  {
    url: written.url,
    kinds: Type.Optional(written.kinds),
    company_ids: Type.Optional(written.company_ids),
    description: Type.Optional(written.description),
  },
  closed,
);
const WebhookUpdate = Type.Object(
  {
    url: Type.Optional(written.url),
    kinds: Type.Optional(written.kinds),
    company_ids: Type.Optional(written.company_ids),
    description: Type.Optional(written.description),
    is_paused: Type.Optional(
      Type.Boolean({
        description: "`false` starts it again, whatever it was stopped for: with all that waits.",
      }),
    ),
  },
  closed,
);

const path = "/v1/webhooks";
const group = "Webhooks";
const extension = true;
const params = Type.Object({ webhookId: Type.String() });
const one = { path: `${path}/{webhookId}`, group, extension, params } as const;
const deliveries = `${one.path}/deliveries` as const;
const oneDelivery = {
  path: `${deliveries}/{deliveryId}`,
  group,
  extension,
  params: Type.Object({ webhookId: Type.String(), deliveryId: Type.String() }),
} as const;

export const listWebhooks = route({
  operationId: "listWebhooks",
  method: "GET",
  path,
  group,
  summary: "List webhooks, newest first",
  scope: "READ",
  personScope: "ADMIN",
  extension,
  query: Type.Object({ ...Paging }),
  status: 200,
  shape: "list",
  answer: Webhook,
  errors: ["REQUEST_INVALID"],
});

export const createWebhook = route({
  operationId: "createWebhook",
  method: "POST",
  path,
  group,
  summary: "Create a webhook",
  description:
    "From now on the address is told of changes: by POST, signed as Standard Webhooks has it, in their order, and again over 75 hours while it does not answer with 2xx within 15 seconds. Customers that an import writes are told of by one `import.completed`.",
  scope: "WRITE",
  personScope: "ADMIN",
  extension,
  body: WebhookWrite,
  status: 201,
  shape: "single",
  answer: WebhookWithSecret,
  showsSecret: true,
  errors: ["REQUEST_INVALID", "COMPANY_UNKNOWN", "GRANT_EXCEEDED"],
});

export const fetchWebhook = route({
  operationId: "fetchWebhook",
  method: "GET",
  ...one,
  summary: "Fetch a webhook",
  scope: "READ",
  personScope: "ADMIN",
  status: 200,
  shape: "single",
  answer: Webhook,
  errors: ["WEBHOOK_NOT_FOUND"],
});

export const updateWebhook = route({
  operationId: "updateWebhook",
  method: "PATCH",
  ...one,
  summary: "Update, pause or start a webhook",
  scope: "WRITE",
  personScope: "ADMIN",
  body: WebhookUpdate,
  status: 200,
  shape: "single",
  answer: Webhook,
  errors: ["REQUEST_INVALID", "WEBHOOK_NOT_FOUND", "COMPANY_UNKNOWN", "VERSION_MISMATCH", "GRANT_EXCEEDED"],
});

export const deleteWebhook = route({
  operationId: "deleteWebhook",
  method: "DELETE",
  ...one,
  summary: "Delete a webhook, with what it was to be told and its log",
  scope: "DELETE",
  personScope: "ADMIN",
  status: 200,
  shape: "single",
  answer: Deleted,
  errors: ["WEBHOOK_NOT_FOUND", "VERSION_MISMATCH", "GRANT_EXCEEDED"],
});

export const rotateWebhookSecret = route({
  operationId: "rotateWebhookSecret",
  method: "POST",
  ...one,
  path: `${one.path}/rotate-secret`,
  summary: "Give a webhook another secret",
  description: "The former secret signs as well for 24 hours: a receiver may know either.",
  scope: "WRITE",
  personScope: "ADMIN",
  status: 200,
  shape: "single",
  answer: WebhookWithSecret,
  showsSecret: true,
  errors: ["WEBHOOK_NOT_FOUND", "GRANT_EXCEEDED"],
});

export const testWebhook = route({
  operationId: "testWebhook",
  method: "POST",
  ...one,
  path: `${one.path}/test`,
  summary: "Send a delivery of the kind `webhook.test`",
  description: "The delivery tells what came of it.",
  scope: "WRITE",
  personScope: "ADMIN",
  status: 201,
  shape: "single",
  answer: WebhookDelivery,
  errors: ["WEBHOOK_NOT_FOUND"],
});

export const listWebhookDeliveries = route({
  operationId: "listWebhookDeliveries",
  method: "GET",
  ...one,
  path: deliveries,
  summary: "List the deliveries of a webhook, newest first",
  description: "Kept for 30 days; for longer while they are pending.",
  scope: "READ",
  personScope: "ADMIN",
  query: Type.Object({ ...Paging, status: Type.Optional(OneOf(deliveryStatuses)) }),
  status: 200,
  shape: "list",
  answer: WebhookDelivery,
  errors: ["REQUEST_INVALID", "WEBHOOK_NOT_FOUND"],
});

export const fetchWebhookDelivery = route({
  operationId: "fetchWebhookDelivery",
  method: "GET",
  ...oneDelivery,
  summary: "Fetch a delivery: what was sent, and every attempt",
  scope: "READ",
  personScope: "ADMIN",
  status: 200,
  shape: "single",
  answer: WebhookDeliveryInFull,
  errors: ["DELIVERY_NOT_FOUND"],
});

export const redeliverWebhookDelivery = route({
  operationId: "redeliverWebhookDelivery",
  method: "POST",
  ...oneDelivery,
  path: `${oneDelivery.path}/redeliver`,
  summary: "Send a delivery again, now and by the whole schedule",
  scope: "WRITE",
  personScope: "ADMIN",
  status: 200,
  shape: "single",
  answer: WebhookDelivery,
  errors: ["DELIVERY_NOT_FOUND"],
});

export const redeliverWebhook = route({
  operationId: "redeliverWebhook",
  method: "POST",
  ...one,
  path: `${one.path}/redeliver`,
  summary: "Send the deliveries of a time again",
  scope: "WRITE",
  personScope: "ADMIN",
  body: Type.Object(
    {
      from: DateOrTime,
      to: Type.Optional(DateOrTime),
      status: Type.Optional(
        OneOf(deliveryStatuses, { description: "Only those. Default all, whatever became of them." }),
      ),
    },
    closed,
  ),
  status: 200,
  shape: "single",
  answer: Type.Object({
    redelivered: Type.Integer({ description: "Deliveries that were made then, `from` and `to` included." }),
  }),
  errors: ["REQUEST_INVALID", "WEBHOOK_NOT_FOUND"],
});
