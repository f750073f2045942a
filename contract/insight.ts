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
/** The number of intervals in an answer: default and maximum. */
export const growthIntervalsDefault = { day: 90, week: 52, month: 24 } as const;
export const growthIntervalsMax = 400;

export const Growth = Type.Object(
  {
    interval: OneOf(growthIntervals),
    points: Type.Array(
      Type.Object({
        start: { ...Day, description: "First day of the interval, UTC. A week begins on Monday." },
        created: { ...Count, description: "New customers and restored customers." },
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
  summary: "Customers created, deleted and in total per interval",
  description:
    "All intervals from `from` to `to`, inclusive, including empty ones. Deletions are counted as far back as the journal reaches.",
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
  count: { ...Count, description: "Customers that have a value in the field." },
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
    asOf: { ...Timestamp, description: "Time of the count, at most a minute ago." },
  },
  { title: "Completeness" },
);

export const fetchCompleteness = route({
  operationId: "fetchCompleteness",
  path: "/v1/insight/completeness",
  ...of,
  summary: "Number of customers with a value in each active field",
  description:
    "One group with all customers; with `by=company` one group per branch, with the customers that have events there. A customer with events at several branches is in several groups.",
  query: Type.Object({ by: Type.Optional(OneOf(["company"])) }),
  answer: Completeness,
  errors: ["REQUEST_INVALID"],
});

export const fetchCustomersByCompany = route({
  operationId: "fetchCustomersByCompany",
  path: "/v1/insight/companies",
  ...of,
  summary: "Number of customers with events at each branch",
  description:
    "In descending order of customers. A customer with events at several branches counts for each.",
  answer: Type.Object(
    {
      companies: Type.Array(Type.Object({ companyId: Id, companyName: Type.String(), customers: Count })),
      customers: { ...Count, description: "All customers of the enterprise." },
    },
    { title: "CustomersByCompany" },
  ),
  errors: ["REQUEST_INVALID"],
});

export const fetchCustomersByTag = route({
  operationId: "fetchCustomersByTag",
  path: "/v1/insight/tags",
  ...of,
  summary: "Number of customers with each tag",
  description: "In descending order of customers.",
  answer: Type.Object(
    {
      tags: Type.Array(Type.Object({ tagId: Id, tagName: Type.String(), customers: Count })),
      untagged: { ...Count, description: "Customers without a tag." },
      customers: { ...Count, description: "All customers of the enterprise." },
    },
    { title: "CustomersByTag" },
  ),
  errors: ["REQUEST_INVALID"],
});

const days = Type.Optional(
  Type.Integer({ minimum: 1, maximum: 400, description: "Number of days, including today. Default: 30." }),
);

export const fetchImportActivity = route({
  operationId: "fetchImportActivity",
  path: "/v1/insight/imports",
  ...of,
  summary: "Totals of file imports by the day on which they ended",
  description: "Days without a finished import are omitted. Imports are deleted after 30 days.",
  query: Type.Object({ days }),
  answer: Type.Object(
    {
      days: Type.Array(
        Type.Object({
          day: Day,
          imports: Count,
          created: Count,
          updated: Count,
          failed: { ...Count, description: "Failed rows." },
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
  summary: "Number of requests by day and caller",
  description: "Updated every ten seconds. Days and callers without requests are omitted.",
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
              description:
                "Id of the app or person. Without the scope ADMIN it is null for people, who are then counted together.",
            }),
          ),
          callerName: Type.String({
            description: "Empty when people are counted together, and for deleted people.",
          }),
          requests: Count,
          refused: { ...Count, description: "Requests answered with 4xx." },
          failed: { ...Count, description: "Requests answered with 5xx." },
        }),
      ),
    },
    { title: "Activity" },
  ),
  errors: ["REQUEST_INVALID"],
});
