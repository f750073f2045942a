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
/** Told to callers with ADMIN alone; in the feed and in the journal they have the same names. */
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
      description: "The same wherever the change is read; larger for a later change of a record.",
    }),
    at: Timestamp,
    subject: OneOf(feedSubjects),
    subjectId: Id,
    kind: OneOf(["created", "updated", "deleted", "completed"]),
    version: Type.Integer({
      description: "Of the record after the change: it only grows. 0 where the subject has none.",
    }),
    reason: Type.String({
      description: "What made it: `request`, `import`, `undo`, `field_deleted`, `invited`, `operator`, …",
    }),
    appId: Nullable(Id),
    appName: Type.String(),
    personId: Nullable(Id),
    personName: Type.String(),
    companyId: Nullable(Id),
    importId: Nullable(Id),
    importLine: Nullable(Type.Integer({ description: "0-based row of the import." })),
    requestId: Type.String(),
    before: attributes("What changed, as it was: all of a record that is gone, null of one that is new."),
    after: attributes("What changed, as it is: all of a record that is new, null of one that is gone."),
  },
  { title: "FeedChange" },
);

const ChangePage = Type.Object(
  {
    changes: Type.Array(FeedChange),
    nextCursor: Type.String({ description: "Where to go on: always there. Pass it back as `cursor`." }),
    isCaughtUp: Type.Boolean({
      description: "There was nothing more. Only this tells the end: a page may have few changes, or none.",
    }),
  },
  { title: "ChangePage" },
);

const start = {
  cursor: Type.Optional(
    Type.String({
      maxLength: 8_000,
      description: "`nextCursor` of an earlier page, whatever its `subject` was.",
    }),
  ),
  from: Type.Optional(
    OneOf(["beginning", "now"], { description: "Where to begin without a cursor. Default: beginning." }),
  ),
  subject: ListParameter(
    OneOf(feedSubjects),
    "Changes of these alone; others are passed over. `app`, `webhook` and `person` need ADMIN, and without it are passed over.",
  ),
};

const feed = { group: "Changes", scope: "READ", extension: true, status: 200 } as const;

export const listChanges = route({
  operationId: "listChanges",
  method: "GET",
  path: "/v1/customer-changes",
  ...feed,
  summary: "What has happened to every record, in order",
  description:
    "Every change of a customer, custom field, category, tag, event or company of the enterprise, and the end of every import; for ADMIN those of apps, webhooks and people too, never with a secret. Behind a cursor each comes exactly once and none is left out, whoever writes meanwhile; those of one record come in their order. Of a customer `before` and `after` have `externalId`, `importCustomerId`, `bookerId`, `tags` and, by their ids, `fields`, null for what is unset; of other records the attributes as they are answered. A deletion is a tombstone, its `after` null.",
  query: Type.Object({
    ...start,
    limit: Type.Optional(
      Type.Integer({
        description: `Changes looked at. Default ${feedPageDefault}, at most ${feedPageMax}; zero and less mean the default.`,
      }),
    ),
    wait: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: feedWaitMaxSeconds,
        description: "Seconds to wait for a change when there is none. Default 0.",
      }),
    ),
  }),
  shape: "single",
  answer: ChangePage,
  errors: ["REQUEST_INVALID", "CURSOR_INVALID"],
});

export const streamChanges = route({
  operationId: "streamChanges",
  method: "GET",
  path: "/v1/customer-changes/stream",
  ...feed,
  summary: "The same as server-sent events, as it happens",
  description:
    "Events `change`, each with a `FeedChange` as its data and a cursor as its id; once, when there was nothing more, `caught-up`. A connection that is made again goes on by `Last-Event-ID`, which comes before `cursor` and `from`. It ends when the service stops.",
  query: Type.Object(start),
  shape: "file",
  fileTypes: ["text/event-stream"],
  answer: Type.String(),
  errors: ["REQUEST_INVALID", "CURSOR_INVALID"],
});
