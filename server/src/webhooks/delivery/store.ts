import type { AttemptErrorKey } from "@clientele/contract/attempt-errors";
import type { TemplateParameters } from "@clientele/contract/templates";
import type { DeliveryStatus } from "@clientele/contract/webhooks";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { uuidOf } from "../../database/id-codec.ts";
import { maybeOne, one, type Sql, sql } from "../../database/sql.ts";

export type Attempt = {
  at: Date;
  durationMs: number;
  status: number | null;
  answer: string;
  /** The text of an attempt from before errors had keys. */
  error: string;
  key: AttemptErrorKey | null;
  params: TemplateParameters | null;
};

export type Delivery = {
  id: string;
  messageId: string;
  kind: string;
  subjectId: string;
  changeId: string | null;
  status: DeliveryStatus;
  attemptCount: number;
  /** `at` is a JSON string here. */
  lastAttempt: (Omit<Attempt, "at"> & { at: string }) | null;
  dueAt: Date;
  createdAt: Date;
  finishedAt: Date | null;
};

const columns = sql`d.id, d.message_id as "messageId", d.kind, d.subject_id as "subjectId",
  d.change_id::text as "changeId", d.status, d.attempts as "attemptCount", d.due_at as "dueAt",
  d.created_at as "createdAt", d.finished_at as "finishedAt",
  (select json_build_object('at', a.at, 'durationMs', a.duration_ms, 'status', a.status, 'answer', a.answer,
     'error', a.error, 'key', a.error_key, 'params', a.error_params)
   from webhook_attempts a where a.enterprise_id = d.enterprise_id and a.webhook_id = d.webhook_id
     and a.delivery_id = d.id order by a.attempt desc limit 1) as "lastAttempt"`;

/** Excludes the event types that the caller must not see. */
const isVisible = (hidden: readonly string[]): Sql =>
  hidden.length === 0 ? sql`` : sql` and d.kind <> all(${hidden}::text[])`;

const isOf = ({ enterpriseId }: EnterpriseDatabase, webhookId: string): Sql =>
  sql`d.enterprise_id = ${enterpriseId} and d.webhook_id = ${webhookId}`;

export async function list(
  database: EnterpriseDatabase,
  webhookId: string,
  {
    status,
    hidden,
    offset,
    limit,
  }: { status: DeliveryStatus | undefined; hidden: readonly string[]; offset: number; limit: number },
): Promise<{ deliveries: Delivery[]; total: number }> {
  const matching = status === undefined ? sql`` : sql` and d.status = ${status}`;
  const from = sql`from webhook_deliveries d where ${isOf(database, webhookId)}${matching}${isVisible(hidden)}`;
  const [deliveries, { total }] = await database.batch([
    sql<Delivery>`select ${columns} ${from} order by d.created_at desc, d.ordinal desc offset ${offset} limit ${limit}`,
    one(sql<{ total: number }>`select count(*) as total ${from}`),
  ]);
  return { deliveries, total };
}

export async function find(
  database: EnterpriseDatabase,
  webhookId: string,
  id: string,
): Promise<Delivery | undefined> {
  return database.maybeOne(
    sql<Delivery>`select ${columns} from webhook_deliveries d where ${isOf(database, webhookId)} and d.id = ${id}`,
  );
}

export async function findInFull(
  database: EnterpriseDatabase,
  webhookId: string,
  id: string,
): Promise<(Delivery & { body: string; attempts: Attempt[] }) | undefined> {
  const [delivery, attempts] = await database.batch([
    maybeOne(
      sql<
        Delivery & { body: string }
      >`select ${columns}, d.body from webhook_deliveries d where ${isOf(database, webhookId)} and d.id = ${id}`,
    ),
    sql<Attempt>`select d.at, d.duration_ms as "durationMs", d.status, d.answer, d.error, d.error_key as key,
        d.error_params as params from webhook_attempts d
        where ${isOf(database, webhookId)} and d.delivery_id = ${id} order by d.attempt`,
  ]);
  return delivery && { ...delivery, attempts };
}

const makePending = (now: Date): Sql =>
  sql`update webhook_deliveries d set status = 'pending', tries = 0, due_at = ${now}, finished_at = null`;

/** Makes a delivery pending again, from the start of the retry schedule. */
export const redeliver = (
  database: EnterpriseDatabase,
  webhookId: string,
  id: string,
  hidden: readonly string[],
  now: Date,
): Sql => sql`${makePending(now)} where ${isOf(database, webhookId)} and d.id = ${id}${isVisible(hidden)}`;

/** Does the same for the deliveries created in a period. */
export const redeliverRange = (
  database: EnterpriseDatabase,
  webhookId: string,
  {
    from,
    to,
    status,
    hidden,
  }: { from: Date; to: Date; status: DeliveryStatus | undefined; hidden: readonly string[] },
  now: Date,
): Sql =>
  sql`${makePending(now)} where ${isOf(database, webhookId)} and d.created_at between ${from} and ${to}
      ${status === undefined ? sql`` : sql`and d.status = ${status}`}${isVisible(hidden)}`;

export type NewDelivery = {
  id: string;
  messageId: string;
  kind: string;
  subjectId: string;
  changeId: string | null;
  body: string;
};

/**
 * Appends deliveries if the webhook's row still matches the update's `where`, and applies its `set`. They are due now,
 * but never before the last one, so that a clock that was set back does not reorder them.
 */
export const insertAfter = (
  { enterpriseId }: EnterpriseDatabase,
  webhookId: string,
  deliveries: readonly NewDelivery[],
  now: Date,
  webhookUpdate: { set: Sql; where: Sql },
): Sql<{ before: number }> =>
  sql`with webhook as (
        update webhooks set deliveries = deliveries + ${deliveries.length},
          last_due_at = case when ${deliveries.length} > 0 then greatest(last_due_at, ${now}) else last_due_at end
          ${webhookUpdate.set}
        where enterprise_id = ${enterpriseId} and id = ${webhookId} ${webhookUpdate.where}
        returning deliveries - ${deliveries.length} as before, last_due_at
      ), inserted as (
        insert into webhook_deliveries (enterprise_id, webhook_id, id, ordinal, message_id, kind, subject_id, change_id,
          body, due_at, created_at)
        select ${enterpriseId}, ${webhookId}, r.id, w.before + r.place, r."messageId", r.kind, r."subjectId",
          r."changeId", r.body, w.last_due_at, ${now}
        from webhook w cross join json_to_recordset(${JSON.stringify(
          deliveries.map((delivery, index) => ({
            ...delivery,
            id: uuidOf(delivery.id),
            subjectId: uuidOf(delivery.subjectId),
            place: index + 1,
          })),
        )}::json)
          as r(id uuid, place integer, "messageId" text, kind text, "subjectId" uuid, "changeId" bigint, body text)
        on conflict on constraint webhook_deliveries_message_key do nothing)
      select before from webhook`;
