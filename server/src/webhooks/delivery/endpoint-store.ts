import type { AttemptError } from "@clientele/contract/attempt-errors";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { uuidOf } from "../../database/id-codec.ts";
import { one, type Sql, sql } from "../../database/sql.ts";
import type { FeedPosition } from "../../journal/feed.ts";
import type { StopReason } from "../store.ts";

/** The state of a webhook that deliveries need. */
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
  /** Set by a `Retry-After` of the receiver. */
  restingUntil: Date | null;
  position: FeedPosition;
  /** Pending deliveries without an attempt, counted up to `backlogMax`. */
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
          w.resting_until as "restingUntil", w.position,
          (select count(*) from (
             select from webhook_deliveries d where d.enterprise_id = w.enterprise_id and d.webhook_id = w.id
               and d.status = 'pending' and d.tries = 0 limit ${backlogMax}) untried) as backlog
        from webhooks w where w.enterprise_id = ${enterpriseId} and w.id = ${id}`,
  );
}

export type DueDelivery = {
  id: string;
  messageId: string;
  subjectId: string;
  body: string;
  /** Attempts in total, and since the last redelivery request. */
  attempts: number;
  tries: number;
};

/** The due deliveries in order, and when the next one becomes due. */
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

/** An attempt and the state of its delivery after it. `attempts` counts those before it. */
export type RecordedAttempt = {
  id: string;
  attempts: number;
  tries: number;
  /** Null when the delivery is finished. */
  dueAt: Date | null;
  isDelivered: boolean;
  at: Date;
  durationMs: number;
  status: number | null;
  answer: string;
  error: AttemptError | null;
};

/** Stores attempts; ignores those whose delivery another process has attempted meanwhile. */
export const recordAttempts = (
  enterpriseId: string,
  webhookId: string,
  attempts: readonly RecordedAttempt[],
): Sql =>
  sql`with tried as (
        select * from json_to_recordset(${JSON.stringify(attempts.map((attempt) => ({ ...attempt, id: uuidOf(attempt.id) })))}::json)
          as r(id uuid, attempts integer, tries integer, "dueAt" timestamptz, "isDelivered" boolean, at timestamptz,
            "durationMs" integer, status integer, answer text, error jsonb)
      ), changed as (
        update webhook_deliveries d set attempts = d.attempts + 1, tries = t.tries,
          due_at = coalesce(t."dueAt", d.due_at),
          status = case when t."isDelivered" then 'delivered' when t."dueAt" is null then 'failed' else 'pending' end,
          finished_at = case when t."dueAt" is null then t.at end
        from tried t where d.enterprise_id = ${enterpriseId} and d.webhook_id = ${webhookId} and d.id = t.id
          and d.status = 'pending' and d.attempts = t.attempts
        returning d.id, d.attempts)
      insert into webhook_attempts (enterprise_id, webhook_id, delivery_id, attempt, at, duration_ms, status, answer,
        error, error_key, error_params)
      select ${enterpriseId}, ${webhookId}, c.id, c.attempts, t.at, t."durationMs", t.status, t.answer, '',
        t.error ->> 'key', t.error -> 'params'
      from changed c join tried t on t.id = c.id`;

export const recordState = (
  enterpriseId: string,
  { id, stopped, failingSince, restingUntil }: Endpoint,
  now: Date,
): Sql =>
  sql`update webhooks set failing_since = ${failingSince}, resting_until = ${restingUntil},
        stopped_at = case when stopped is null and ${stopped}::text is not null then ${now} else stopped_at end,
        stopped = coalesce(stopped, ${stopped}), version = version + 1
      where enterprise_id = ${enterpriseId} and id = ${id}`;
