import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { one, type Sql, sql } from "../../database/sql.ts";
import type { FeedPosition } from "../../journal/feed.ts";
import type { StopReason } from "../store.ts";

/** A webhook as whoever looks after it sees it. */
export type Endpoint = {
  id: string;
  url: string;
  kinds: string[];
  companyIds: string[] | null;
  secret: Buffer;
  formerSecret: Buffer | null;
  formerSecretUntil: Date | null;
  stopped: StopReason | null;
  failingSince: Date | null;
  /** The receiver has asked for patience. */
  restingUntil: Date | null;
  position: FeedPosition;
  lastDueAt: Date;
  /** Deliveries that are due and were not tried yet; counted no further than `backlogMax`. */
  backlog: number;
};

export async function fetchEndpoint(
  database: EnterpriseDatabase,
  id: string,
  backlogMax: number,
): Promise<Endpoint | undefined> {
  const { enterpriseId } = database;
  return database.maybeOne(
    sql<Endpoint>`select w.id, w.url, w.kinds, w.company_ids as "companyIds", w.secret, w.former_secret as "formerSecret",
          w.former_secret_until as "formerSecretUntil", w.stopped, w.failing_since as "failingSince",
          w.resting_until as "restingUntil", w.position, w.last_due_at as "lastDueAt",
          (select count(*) from (
             select from webhook_deliveries d where d.enterprise_id = w.enterprise_id and d.webhook_id = w.id
               and d.status = 'pending' and d.tries = 0 limit ${backlogMax}) untried) as backlog
        from webhooks w where w.enterprise_id = ${enterpriseId} and w.id = ${id}`,
  );
}

/** A delivery that is to be tried. */
export type DueDelivery = {
  id: string;
  messageId: string;
  subjectId: string;
  body: string;
  /** Attempts ever, and those since it was last asked for. */
  attempts: number;
  tries: number;
};

/** What is due, in the order in which it is to be tried, and when the next one is of those that are not due yet. */
export async function fetchDue(
  database: EnterpriseDatabase,
  webhookId: string,
  now: Date,
  limit: number,
): Promise<{ due: DueDelivery[]; nextAt: Date | null }> {
  const pending = sql`from webhook_deliveries where enterprise_id = ${database.enterpriseId}
    and webhook_id = ${webhookId} and status = 'pending'`;
  const [due, { at: nextAt }] = await database.batch([
    sql<DueDelivery>`select id, message_id as "messageId", subject_id as "subjectId", body, attempts, tries ${pending}
          and due_at <= ${now} order by due_at, ordinal limit ${limit}`,
    one(sql<{ at: Date | null }>`select min(due_at) as at ${pending} and due_at > ${now}`),
  ]);
  return { due, nextAt };
}

/** An attempt, and what it makes of its delivery. `attempts` is how many there were before it. */
export type Tried = {
  id: string;
  attempts: number;
  tries: number;
  /** Null when the delivery is over: delivered or failed. */
  dueAt: Date | null;
  isDelivered: boolean;
  at: Date;
  durationMs: number;
  status: number | null;
  answer: string;
  error: string;
};

/** Writes attempts down, each once: one that somebody else has been at meanwhile changes nothing. */
export const recordAttempts = (enterpriseId: string, webhookId: string, attempts: readonly Tried[]): Sql =>
  sql`with tried as (
        select * from json_to_recordset(${JSON.stringify(attempts)}::json)
          as r(id text, attempts integer, tries integer, "dueAt" timestamptz, "isDelivered" boolean, at timestamptz,
            "durationMs" integer, status integer, answer text, error text)
      ), changed as (
        update webhook_deliveries d set attempts = d.attempts + 1, tries = t.tries,
          due_at = coalesce(t."dueAt", d.due_at),
          status = case when t."isDelivered" then 'delivered' when t."dueAt" is null then 'failed' else 'pending' end,
          finished_at = case when t."dueAt" is null then t.at end
        from tried t where d.enterprise_id = ${enterpriseId} and d.webhook_id = ${webhookId} and d.id = t.id
          and d.status = 'pending' and d.attempts = t.attempts
        returning d.id, d.attempts)
      insert into webhook_attempts (enterprise_id, webhook_id, delivery_id, attempt, at, duration_ms, status, answer,
        error)
      select ${enterpriseId}, ${webhookId}, c.id, c.attempts, t.at, t."durationMs", t.status, t.answer, t.error
      from changed c join tried t on t.id = c.id`;

/** What attempts have made of the webhook itself. */
export const recordState = (
  enterpriseId: string,
  { id, stopped, failingSince, restingUntil }: Endpoint,
  now: Date,
): Sql =>
  sql`update webhooks set failing_since = ${failingSince}, resting_until = ${restingUntil},
        stopped_at = case when stopped is null and ${stopped}::text is not null then ${now} else stopped_at end,
        stopped = coalesce(stopped, ${stopped}), version = version + 1
      where enterprise_id = ${enterpriseId} and id = ${id}`;
