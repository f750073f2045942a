import { Type } from "typebox";
import { type AttemptErrorKey, attemptErrors } from "./attempt-errors.ts";
import { administrativeSubjects } from "./changes.ts";
import { Deleted, Paging, TextParameters } from "./envelopes.ts";
import { closed, DateOrTime, errorKey, Id, Nullable, OneOf, Timestamp } from "./formats.ts";
import { route } from "./route.ts";

/** The subjects of changes, as in the journal: the first part of an event type. */
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

/** The type of a test event. */
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
    Type.Array(Id, { description: "Only changes made for these branches are sent. Null means all changes." }),
  ),
  isPaused: Type.Boolean({
    description:
      "True while deliveries are paused. Events that occur meanwhile are sent after it is set to `false`.",
  }),
  isDisabled: Type.Boolean({ description: "True when the endpoint has answered 410 (Gone)." }),
  stopReason: Nullable(
    OneOf(stopReasons, {
      description: "`paused` by request, `failing` after five days of failures, `gone` after status 410.",
    }),
  ),
  stoppedAt: Nullable(Timestamp),
  failingSince: Nullable(
    Type.Unsafe<string>({ ...Timestamp, description: "Time of the first failure since the last success." }),
  ),
  formerSecretUntil: Nullable(
    Type.Unsafe<string>({
      ...Timestamp,
      description: "Until this time deliveries are also signed with the previous secret.",
    }),
  ),
  createdAt: Timestamp,
  updatedAt: Timestamp,
};

export const Webhook = Type.Object(webhook, { title: "Webhook" });

export const WebhookWithSecret = Type.Object(
  {
    ...webhook,
    secret: Type.String({ description: "`whsec_…` as specified by Standard Webhooks. Shown only once." }),
  },
  { title: "WebhookWithSecret" },
);

const attemptErrorKeys = Object.keys(attemptErrors) as AttemptErrorKey[];

export const WebhookAttempt = Type.Object(
  {
    at: Timestamp,
    durationMs: Type.Integer(),
    status: Nullable(Type.Integer({ description: "HTTP status of the answer. Null without an answer." })),
    answer: Type.String({ description: "The first 2 KiB of the answer's body." }),
    error: Type.String({
      description: "English text of the reason for the missing answer. Empty with an answer.",
    }),
    key: Nullable(
      OneOf(attemptErrorKeys, {
        description:
          "Stable key of the reason. Null with an answer, and for attempts that an earlier version stored.",
      }),
    ),
    params: Nullable(TextParameters),
  },
  { title: "WebhookAttempt" },
);

const delivery = {
  id: Id,
  messageId: Type.String({ description: "The header `webhook-id`, identical for every attempt." }),
  kind: Type.String(),
  subjectId: Type.String({ description: "Id of the changed record." }),
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
    body: Type.String({ description: "The body as it is signed and sent." }),
    attempts: Type.Array(WebhookAttempt, { description: "All attempts, oldest first." }),
  },
  { title: "WebhookDeliveryInFull" },
);

const written = {
  url: Type.String({
    maxLength: 2_000,
    pattern: "^https?://",
    ...errorKey("URL_INVALID"),
    description:
      "An `https` URL with port 443 or a port of at least 1024. The operator can allow further hosts.",
  }),
  kinds: Type.Array(OneOf(webhookKinds), {
    minItems: 1,
    maxItems: 100,
    description:
      "Event types to deliver. Default `*`; `customer.*` means all event types of customers. `*` does not include `app.*`, `webhook.*` and `person.*`: these must be named and require the scope ADMIN.",
  }),
  company_ids: Nullable(
    Type.Array(Type.String(), {
      minItems: 1,
      maxItems: 1_000,
      description: "Deliver only changes made for these branches. Null, the default, means all changes.",
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
        description:
          "`false` resumes deliveries, whatever the `stopReason`, including all pending deliveries.",
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
    "Changes from now on are sent to the endpoint in order, by POST, signed as specified by Standard Webhooks. An attempt succeeds when the endpoint answers with 2xx within 15 seconds; failed deliveries are retried for 75 hours. An import sends one `import.completed` instead of an event per customer.",
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
  summary: "Update, pause or resume a webhook",
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
  summary: "Delete a webhook",
  description: "Also deletes its pending deliveries and its delivery log.",
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
  summary: "Rotate a webhook's secret",
  description:
    "For 24 hours deliveries are signed with both secrets, so that an endpoint can verify with either.",
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
  summary: "Send a test event of type `webhook.test`",
  description: "Fetch the returned delivery to see the result.",
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
  description: "Deliveries are stored for 30 days, pending ones until they end.",
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
  summary: "Fetch a delivery with its body and all attempts",
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
  summary: "Redeliver now and restart the retry schedule",
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
  summary: "Redeliver the deliveries of a period",
  scope: "WRITE",
  personScope: "ADMIN",
  body: Type.Object(
    {
      from: DateOrTime,
      to: Type.Optional(DateOrTime),
      status: Type.Optional(
        OneOf(deliveryStatuses, { description: "Only deliveries with this status. Default: all." }),
      ),
    },
    closed,
  ),
  status: 200,
  shape: "single",
  answer: Type.Object({
    redelivered: Type.Integer({
      description: "Number of deliveries created between `from` and `to`, inclusive.",
    }),
  }),
  errors: ["REQUEST_INVALID", "WEBHOOK_NOT_FOUND"],
});
