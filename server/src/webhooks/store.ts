import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { one, type Sql, sql } from "../database/sql.ts";
import type { FeedPosition } from "../journal/feed.ts";

export type StopReason = "paused" | "failing" | "gone";

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

/** The attributes that the journal records. */
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
  webhook: Webhook,
  { secret, position }: { secret: Buffer; position: FeedPosition },
): Sql =>
  sql`insert into webhooks (enterprise_id, id, url, description, kinds, company_ids, secret, position, last_due_at,
        created_at, updated_at)
      values (${enterpriseId}, ${webhook.id}, ${webhook.url}, ${webhook.description}, ${webhook.kinds}, ${webhook.companyIds}, ${secret},
        ${JSON.stringify(position)}, ${webhook.createdAt}, ${webhook.createdAt}, ${webhook.updatedAt})`;

export const update = (enterpriseId: string, webhook: Webhook): Sql =>
  sql`update webhooks set url = ${webhook.url}, description = ${webhook.description}, kinds = ${webhook.kinds},
        company_ids = ${webhook.companyIds}, stopped = ${webhook.stopped}, stopped_at = ${webhook.stoppedAt},
        failing_since = ${webhook.failingSince}, resting_until = null, version = ${webhook.version}, updated_at = ${webhook.updatedAt}
      where enterprise_id = ${enterpriseId} and id = ${webhook.id}`;

/** Stores a new secret; the previous one signs until `formerSecretUntil`. */
export const rotateSecret = (enterpriseId: string, webhook: Webhook, secret: Buffer): Sql =>
  sql`update webhooks set former_secret = secret, former_secret_until = ${webhook.formerSecretUntil}, secret = ${secret},
        version = ${webhook.version}, updated_at = ${webhook.updatedAt}
      where enterprise_id = ${enterpriseId} and id = ${webhook.id}`;

export const remove = (enterpriseId: string, id: string): Sql[] => [
  sql`delete from webhooks where enterprise_id = ${enterpriseId} and id = ${id}`,
  sql`delete from webhook_queue where enterprise = ${enterpriseId} and webhook = ${id}`,
];

/** Makes the endpoint due now; one that is being processed is processed again. */
export const makeDue = (enterpriseId: string, id: string, now: Date): Sql =>
  sql`insert into webhook_queue (enterprise, webhook, due_at) values (${enterpriseId}, ${id}, ${now})
      on conflict (enterprise, webhook) do update set due_at = least(webhook_queue.due_at, excluded.due_at)`;
