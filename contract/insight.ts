import { Type } from "typebox";
import { errorKey, Id, Nullable, OneOf, Timestamp } from "./formats.ts";
import { route } from "./route.ts";

const Day = Type.String({
  pattern: "^\\d{4}-\\d\\d-\\d\\d$",
  ...errorKey("NOT_DATE"),
  description: "UTC, `YYYY-MM-DD`.",
});
const Count = Type.Integer({ minimum: 0 });

const of = {
  method: "GET",
  group: "Insight",
  scope: "READ",
  extension: true,
  status: 200,
  shape: "single",
} as const;

export const growthIntervals = ["day", "week", "month"] as const;
export type GrowthInterval = (typeof growthIntervals)[number];
/** How many intervals are answered: by default, and at most. */
export const growthIntervalsDefault = { day: 90, week: 52, month: 24 } as const;
export const growthIntervalsMax = 400;

export const Growth = Type.Object(
  {
    interval: OneOf(growthIntervals),
    points: Type.Array(
      Type.Object({
        start: { ...Day, description: "The first day of the interval, UTC; a week begins on Monday." },
        created: { ...Count, description: "New customers, and deleted ones that came back." },
        deleted: Count,
        total: { ...Count, description: "Customers at the end of the interval." },
      }),
    ),
  },
  { title: "Growth" },
);

export const fetchGrowth = route({
  operationId: "fetchGrowth",
  path: "/v1/insight/growth",
  ...of,
  summary: "How many customers came and went, and how many there were",
  description:
    "Every interval from `from` to `to`, both included, those in which nothing happened too. Deletions are known as long as the journal is kept.",
  query: Type.Object({
    interval: Type.Optional(OneOf(growthIntervals, { description: "Default: `day`." })),
    from: Type.Optional(Day),
    to: Type.Optional({ ...Day, description: "Default: today." }),
  }),
  answer: Growth,
  errors: ["REQUEST_INVALID"],
});

const FieldCount = Type.Object({
  fieldId: Id,
  count: { ...Count, description: "Customers that have a value of the field." },
});

export const Completeness = Type.Object(
  {
    groups: Type.Array(
      Type.Object({
        companyId: Nullable({ ...Id, description: "Null without `by=company`." }),
        companyName: Type.String(),
        customers: Count,
        fields: Type.Array(FieldCount, { description: "Every active field, in definition order." }),
      }),
    ),
    asOf: { ...Timestamp, description: "When it was counted: at most a minute ago." },
  },
  { title: "Completeness" },
);

export const fetchCompleteness = route({
  operationId: "fetchCompleteness",
  path: "/v1/insight/completeness",
  ...of,
  summary: "How many customers have a value of each active field",
  description:
    "Of all customers in one group; with `by=company` in one for each company, of the customers that have events there: one that has events of several is in several groups.",
  query: Type.Object({ by: Type.Optional(OneOf(["company"])) }),
  answer: Completeness,
  errors: ["REQUEST_INVALID"],
});

export const fetchCustomersByCompany = route({
  operationId: "fetchCustomersByCompany",
  path: "/v1/insight/companies",
  ...of,
  summary: "How many customers have events at each company",
  description: "The most first. One that has events of several companies counts for each of them.",
  answer: Type.Object(
    {
      companies: Type.Array(Type.Object({ companyId: Id, companyName: Type.String(), customers: Count })),
      customers: { ...Count, description: "Of the enterprise." },
    },
    { title: "CustomersByCompany" },
  ),
  errors: ["REQUEST_INVALID"],
});

export const fetchCustomersByTag = route({
  operationId: "fetchCustomersByTag",
  path: "/v1/insight/tags",
  ...of,
  summary: "How many customers have each tag",
  description: "The most first.",
  answer: Type.Object(
    {
      tags: Type.Array(Type.Object({ tagId: Id, tagName: Type.String(), customers: Count })),
      untagged: { ...Count, description: "Customers without a tag." },
      customers: { ...Count, description: "Of the enterprise." },
    },
    { title: "CustomersByTag" },
  ),
  errors: ["REQUEST_INVALID"],
});

const days = Type.Optional(
  Type.Integer({ minimum: 1, maximum: 400, description: "How many, today included. Default: 30." }),
);

export const fetchImportActivity = route({
  operationId: "fetchImportActivity",
  path: "/v1/insight/imports",
  ...of,
  summary: "What imports of files have done, by the day on which they ended",
  description: "Days on which none ended are left out. Imports are kept for 30 days.",
  query: Type.Object({ days }),
  answer: Type.Object(
    {
      days: Type.Array(
        Type.Object({
          day: Day,
          imports: Count,
          created: Count,
          updated: Count,
          failed: { ...Count, description: "Rows." },
        }),
      ),
    },
    { title: "ImportActivity" },
  ),
  errors: ["REQUEST_INVALID"],
});

export const fetchActivity = route({
  operationId: "fetchActivity",
  path: "/v1/insight/activity",
  ...of,
  summary: "Who asks how much: requests by day and caller",
  description: "Written down every ten seconds. Days and callers without a request are left out.",
  query: Type.Object({ days }),
  answer: Type.Object(
    {
      callers: Type.Array(
        Type.Object({
          day: Day,
          callerKind: OneOf(["app", "person"]),
          callerId: Nullable(
            Type.Unsafe<string>({
              ...Id,
              description: "Null: all people together, without the scope ADMIN.",
            }),
          ),
          callerName: Type.String({
            description: "Empty of people together, and of a person who is no more.",
          }),
          requests: Count,
          refused: { ...Count, description: "Answered with 4xx." },
          failed: { ...Count, description: "Answered with 5xx." },
        }),
      ),
    },
    { title: "Activity" },
  ),
  errors: ["REQUEST_INVALID"],
});
