import { Type } from "typebox";
import { Id, ListParameter, Nullable, OneOf, Timestamp } from "./formats.ts";
import { route } from "./route.ts";

export const feedSubjects = [
  "customer",
  "customField",
  "category",
  "tag",
  "event",
  "import",
  "company",
  "app",
  "webhook",
  "person",
] as const;
/** Visible only to callers with ADMIN; the feed and the journal use the same names. */
export const administrativeSubjects = ["app", "webhook", "person"] as const satisfies readonly FeedSubject[];
export type FeedSubject = (typeof feedSubjects)[number];

export const feedPageDefault = 1_000;
export const feedPageMax = 10_000;
export const feedWaitMaxSeconds = 30;

const attributes = (description: string) =>
  Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()], { description });

export const FeedChange = Type.Object(
  {
    id: Type.String({
      description: "The same id in every endpoint. A later change of a record has a larger id.",
    }),
    at: Timestamp,
    subject: OneOf(feedSubjects),
    subjectId: Id,
    kind: OneOf(["created", "updated", "deleted", "completed"]),
    version: Type.Integer({
      description: "Version of the record after the change; only grows. 0 for subjects without versions.",
    }),
    reason: Type.String({
      description:
        "Cause of the change: `request`, `import`, `undo`, `field_deleted`, `invited`, `operator`, …",
    }),
    appId: Nullable(Id),
    appName: Type.String(),
    personId: Nullable(Id),
    personName: Type.String(),
    companyId: Nullable(Id),
    importId: Nullable(Id),
    importLine: Nullable(Type.Integer({ description: "0-based row of the import." })),
    requestId: Type.String(),
    before: attributes(
      "Changed attributes before the change. The whole record for a deletion, null for a creation.",
    ),
    after: attributes(
      "Changed attributes after the change. The whole record for a creation, null for a deletion.",
    ),
  },
  { title: "FeedChange" },
);

const ChangePage = Type.Object(
  {
    changes: Type.Array(FeedChange),
    nextCursor: Type.String({ description: "Always present. Pass it as `cursor` to get the next page." }),
    isCaughtUp: Type.Boolean({
      description:
        "True when there are no further changes yet. Do not infer the end from the length of a page: a page before the end may be short or empty.",
    }),
  },
  { title: "ChangePage" },
);

const start = {
  cursor: Type.Optional(
    Type.String({
      maxLength: 8_000,
      description: "`nextCursor` of an earlier page. It stays valid with a different `subject`.",
    }),
  ),
  from: Type.Optional(
    OneOf(["beginning", "now"], { description: "Start position without a cursor. Default `beginning`." }),
  ),
  subject: ListParameter(
    OneOf(feedSubjects),
    "Only changes of these subjects. `app`, `webhook` and `person` require ADMIN and are skipped without it.",
  ),
};

const feed = { group: "Changes", scope: "READ", extension: true, status: 200 } as const;

export const listChanges = route({
  operationId: "listChanges",
  method: "GET",
  path: "/v1/customer-changes",
  ...feed,
  summary: "List the changes of all records in order",
  description:
    "Every change of a customer, custom field, category, tag, event or branch (`company`), and the completion of every import. With the scope ADMIN also changes of apps, webhooks and people, without their secrets. Reading from a cursor returns each change exactly once, even during concurrent writes; changes of one record come in order. For a customer, `before` and `after` contain `externalId`, `importCustomerId`, `bookerId`, `tags` and `fields` by field id; unset values are null. For other records they contain the attributes that the API returns. A deletion is a tombstone: its `after` is null.",
  query: Type.Object({
    ...start,
    limit: Type.Optional(
      Type.Integer({
        description: `Number of changes to scan. Default ${feedPageDefault}, at most ${feedPageMax}; zero and negative values mean the default.`,
      }),
    ),
    wait: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: feedWaitMaxSeconds,
        description: "Seconds to wait for a change when there is none yet. Default 0.",
      }),
    ),
  }),
  shape: "single",
  answer: ChangePage,
  errors: ["REQUEST_INVALID", "CURSOR_INVALID", "CURSOR_EXPIRED"],
});

export const streamChanges = route({
  operationId: "streamChanges",
  method: "GET",
  path: "/v1/customer-changes/stream",
  ...feed,
  summary: "Stream changes as server-sent events",
  description:
    "Each `change` event has a `FeedChange` as its data and a cursor as its id. One `caught-up` event follows when there are no further changes yet. A reconnect resumes after `Last-Event-ID`, which takes precedence over `cursor` and `from`. The stream ends when the service stops.",
  query: Type.Object(start),
  shape: "file",
  fileTypes: ["text/event-stream"],
  answer: Type.String(),
  errors: ["REQUEST_INVALID", "CURSOR_INVALID", "CURSOR_EXPIRED"],
});
