import { timestampOf } from "@clientele/contract/formats";
import { companyNames } from "../companies/company-names.ts";
import { selectKnown } from "../companies/known-companies.ts";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { uuidOf } from "../database/id-codec.ts";
import { empty, join, one, type Query, type QueryOfOne, type Sql, sql } from "../database/sql.ts";
import { changesOf } from "../journal/changes.ts";

/** A stored event. Times are in wire format, in which they are compared, journaled and answered. */
export type EventState = {
  id: string;
  externalId: string | null;
  /** Null once the customer is deleted. */
  customerId: string | null;
  companyId: string | null;
  type: string;
  title: string;
  notes: string;
  status: string;
  startDate: string;
  endDate: string;
  metadata: Record<string, unknown>;
};

/** An event with the columns of a list. */
export type ListedEvent = EventState & { companyName: string; createdAt: Date; updatedAt: Date };

const columns = sql`e.id, e.external_id as "externalId", e.customer_id as "customerId", e.company_id as "companyId",
  e.type, e.title, e.notes, e.status, e.start_at as "startAt", e.end_at as "endAt", e.metadata`;

const listedColumns = sql`${columns}, coalesce(c.name, '') as "companyName", e.created_at as "createdAt",
  e.updated_at as "updatedAt"`;

const withCompany = sql`events e left join ${companyNames} c on (c.enterprise_id, c.id) = (e.enterprise_id, e.company_id)`;

type WithStoredTimes<T extends EventState> = Omit<T, "startDate" | "endDate"> & {
  startAt: Date;
  endAt: Date;
};
type StoredEvent = WithStoredTimes<EventState>;
export type StoredListedEvent = WithStoredTimes<ListedEvent>;

const stateOf = ({ startAt, endAt, ...rest }: StoredEvent): EventState => ({
  ...rest,
  startDate: timestampOf(startAt),
  endDate: timestampOf(endAt),
});

export const listedOf = ({
  companyName,
  createdAt,
  updatedAt,
  ...event
}: StoredListedEvent): ListedEvent => ({
  ...stateOf(event),
  companyName,
  createdAt,
  updatedAt,
});

export type EventFilter = {
  types: readonly string[] | undefined;
  companyId: string | undefined;
  from: Date | undefined;
  /** Inclusive: a date includes its whole day, a time its whole second. */
  to: { time: Date; isDay: boolean } | undefined;
};

/** Two statements: a page of a customer's events, newest first, and the total. */
export function listStatements(
  enterpriseId: string,
  customerId: Sql,
  filter: EventFilter,
  { offset, limit }: { offset: number; limit: number },
): [Sql<StoredListedEvent>, QueryOfOne<{ total: number }>] {
  const matching = filterConditions(enterpriseId, customerId, filter);
  return [
    sql`select ${listedColumns} from ${withCompany} where ${matching}
        order by e.start_at desc, e.id desc offset ${offset} limit ${limit}`,
    one(sql`select count(*) as total from events e where ${matching}`),
  ];
}

/** The filter as a condition on `events e`. */
function filterConditions(enterpriseId: string, customerId: Sql, filter: EventFilter): Sql {
  const { types } = filter;
  const ofTypes = types === undefined ? empty : sql` and e.type = any(${types}::text[])`;
  return sql`e.enterprise_id = ${enterpriseId} and e.customer_id = ${customerId}${ofTypes}
    ${branchAndTimeConditions(sql`e.company_id`, sql`e.start_at`, filter)}`;
}

function branchAndTimeConditions(company: Sql, time: Sql, { companyId, from, to }: EventFilter): Sql {
  const conditions: Sql[] = [];
  if (companyId !== undefined) conditions.push(sql`and ${company} = ${companyId}`);
  if (from !== undefined) conditions.push(sql`and ${time} >= ${from}::timestamptz`);
  if (to?.isDay) conditions.push(sql`and ${time} < ${to.time}::timestamptz + interval '1 day'`);
  else if (to) conditions.push(sql`and ${time} < ${to.time}::timestamptz + interval '1 second'`);
  return conditions.length === 0 ? empty : join(conditions, " ");
}

/** `id` is the event's id, or the number of the change. */
export type TimelineRef = { kind: "event" | "change"; id: string };

/** Two statements: a page of references to a customer's events and changes, newest first, and the total. */
export function timelineStatements(
  enterpriseId: string,
  customerId: Sql,
  filter: EventFilter,
  { offset, limit }: { offset: number; limit: number },
): [Sql<TimelineRef>, QueryOfOne<{ total: number }>] {
  const ofEvents = filterConditions(enterpriseId, customerId, filter);
  const changes = changesOf({ enterpriseId }, "customer", customerId);
  const ofChanges = sql`${changes} ${branchAndTimeConditions(sql`c.company_id`, sql`c.at`, filter)}`;
  return [
    sql`select kind, id from (
          select 'event' as kind, e.start_at as at, text_of_id(e.id) as id, e.id::text as place from events e where ${ofEvents}
          union all
          select 'change', c.at, c.number::text, lpad(c.number::text, 20, '0') from changes c where ${ofChanges}
        ) timeline
        order by at desc, kind desc, place collate "C" desc offset ${offset} limit ${limit}`,
    one(sql`select (select count(*) from events e where ${ofEvents})
          + (select count(*) from changes c where ${ofChanges}) as total`),
  ];
}

export const findManyStatement = (enterpriseId: string, ids: readonly string[]): Sql<StoredListedEvent> =>
  sql`select ${listedColumns} from ${withCompany}
      where e.enterprise_id = ${enterpriseId} and e.id = any(${ids}::uuid[])`;

export const findStatement = (enterpriseId: string, id: string): QueryOfOne<StoredListedEvent> =>
  one(
    sql`select ${listedColumns} from ${withCompany} where e.enterprise_id = ${enterpriseId} and e.id = ${id}`,
  );

export type LookupKeys = { externalIds: readonly string[]; companyIds: readonly string[] };

/** Subquery for `in (…)`: the current customers of these events. */
export const customersOfEvents = (enterpriseId: string, externalIds: readonly string[]): Sql =>
  sql`select customer_id from events
      where enterprise_id = ${enterpriseId} and external_id = any(${externalIds}::text[])`;

/** Locks the customers, then the events that rows may match, each ordered by id. */
export async function lockCandidates<Locked, Customer>(
  database: EnterpriseDatabase,
  lock: Query<Locked>,
  customers: Query<Customer>,
  { externalIds, companyIds }: LookupKeys,
): Promise<{ locked: Locked[]; customers: Customer[]; events: EventState[]; companyIds: Set<string> }> {
  const { enterpriseId } = database;
  const [locked, events, known, companies] = await database.batch([
    lock,
    sql<StoredEvent>`select ${columns} from events e
        where e.enterprise_id = ${enterpriseId} and e.external_id = any(${externalIds}::text[])
        order by e.id for update`,
    // After the events, which may belong to other customers than before the lock.
    customers,
    selectKnown(enterpriseId, companyIds),
  ]);
  return {
    locked,
    customers: known,
    events: events.map(stateOf),
    companyIds: new Set(companies.map(({ id }) => id)),
  };
}

const recordsOf = (events: readonly EventState[]): string =>
  JSON.stringify(
    events.map(({ id, customerId, companyId, ...event }) => ({
      ...event,
      id: uuidOf(id),
      customerId: customerId && uuidOf(customerId),
      companyId: companyId && uuidOf(companyId),
    })),
  );

const record = (events: readonly EventState[]): Sql =>
  sql`json_to_recordset(${recordsOf(events)}::json) as r(id uuid, "externalId" text, "customerId" uuid,
    "companyId" uuid, type text, title text, notes text, status text, "startDate" timestamptz,
    "endDate" timestamptz, metadata jsonb)`;

/** Inserts ordered by external id, so that concurrent writers of the same events do not deadlock. */
export const insert = (enterpriseId: string, events: readonly EventState[], now: Date): Sql =>
  sql`insert into events (enterprise_id, id, external_id, customer_id, company_id, type, title, notes, status,
        start_at, end_at, metadata, created_at, updated_at)
      select ${enterpriseId}, id, "externalId", "customerId", "companyId", type, title, notes, status,
        "startDate", "endDate", metadata, ${now}, ${now}
      from ${record(events)} order by "externalId" collate "C", id`;

export const update = (enterpriseId: string, events: readonly EventState[], now: Date): Sql =>
  sql`update events e
      set customer_id = r."customerId", company_id = r."companyId", type = r.type, title = r.title,
        notes = r.notes, status = r.status, start_at = r."startDate", end_at = r."endDate",
        metadata = r.metadata, updated_at = ${now}
      from ${record(events)} where e.enterprise_id = ${enterpriseId} and e.id = r.id`;
