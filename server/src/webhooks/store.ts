import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { one, type Sql, sql } from "../database/sql.ts";
import type { FeedPosition } from "../journal/feed.ts";

export type StopReason = "paused" | "failing" | "gone";

/** A webhook, all that a request can see and change of it. */
export type Webhook = {
  id: string;
  url: string;
  description: string;
  kinds: string[];
  companyIds: string[] | null;
  stopped: StopReason | null;
  stoppedAt: Date | null;
  failingSince: Date | null;
  formerSecretUntil: Date | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
};

/** What the journal tells of a webhook. */
export const attributes = [
  "url",
  "description",
  "kinds",
  "companyIds",
  "stopped",
  "formerSecretUntil",
] as const satisfies readonly (keyof Webhook)[];

const columns = sql`id, url, description, kinds, company_ids as "companyIds", stopped, stopped_at as "stoppedAt",
  failing_since as "failingSince", former_secret_until as "formerSecretUntil", version, created_at as "createdAt",
  updated_at as "updatedAt"`;

export async function list(
  database: EnterpriseDatabase,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ webhooks: Webhook[]; total: number }> {
  const { enterpriseId } = database;
  const [webhooks, { total }] = await database.batch([
    sql<Webhook>`select ${columns} from webhooks where enterprise_id = ${enterpriseId}
        order by id desc offset ${offset} limit ${limit}`,
    one(sql<{ total: number }>`select count(*) as total from webhooks where enterprise_id = ${enterpriseId}`),
  ]);
  return { webhooks, total };
}

export async function find(database: EnterpriseDatabase, id: string): Promise<Webhook | undefined> {
  return database.maybeOne(
    sql<Webhook>`select ${columns} from webhooks where enterprise_id = ${database.enterpriseId} and id = ${id}`,
  );
}

/** The webhook, for this transaction alone. */
export async function lock(database: EnterpriseDatabase, id: string): Promise<Webhook | undefined> {
  return database.maybeOne(
    sql<Webhook>`select ${columns} from webhooks where enterprise_id = ${database.enterpriseId} and id = ${id} for update`,
  );
}

export const insert = (
  enterpriseId: string,
  it: Webhook,
  { secret, position }: { secret: Buffer; position: FeedPosition },
): Sql =>
  sql`insert into webhooks (enterprise_id, id, url, description, kinds, company_ids, secret, position, last_due_at,
        created_at, updated_at)
      values (${enterpriseId}, ${it.id}, ${it.url}, ${it.description}, ${it.kinds}, ${it.companyIds}, ${secret},
        ${JSON.stringify(position)}, ${it.createdAt}, ${it.createdAt}, ${it.updatedAt})`;

export const update = (enterpriseId: string, it: Webhook): Sql =>
  sql`update webhooks set url = ${it.url}, description = ${it.description}, kinds = ${it.kinds},
        company_ids = ${it.companyIds}, stopped = ${it.stopped}, stopped_at = ${it.stoppedAt},
        failing_since = ${it.failingSince}, resting_until = null, version = ${it.version}, updated_at = ${it.updatedAt}
      where enterprise_id = ${enterpriseId} and id = ${it.id}`;

/** The new secret; the one before it signs until its time. */
export const rotateSecret = (enterpriseId: string, it: Webhook, secret: Buffer): Sql =>
  sql`update webhooks set former_secret = secret, former_secret_until = ${it.formerSecretUntil}, secret = ${secret},
        version = ${it.version}, updated_at = ${it.updatedAt}
      where enterprise_id = ${enterpriseId} and id = ${it.id}`;

export const remove = (enterpriseId: string, id: string): Sql[] => [
  sql`delete from webhooks where enterprise_id = ${enterpriseId} and id = ${id}`,
  sql`delete from webhook_queue where enterprise = ${enterpriseId} and webhook = ${id}`,
];

/** It is to be looked after now. Whoever is at it looks again. */
export const makeDue = (enterpriseId: string, id: string, now: Date): Sql =>
  sql`insert into webhook_queue (enterprise, webhook, due_at) values (${enterpriseId}, ${id}, ${now})
      on conflict (enterprise, webhook) do update set due_at = least(webhook_queue.due_at, excluded.due_at)`;
