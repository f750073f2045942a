import type pg from "pg";

/** A webhook that is to be looked after. */
export type Due = { enterpriseId: string; webhookId: string };

/** Longer than a look can last, so that none is renewed: it ends by itself when its holder is gone. */
const leaseSeconds = 60;

/**
 * Takes webhooks that are due and that nobody is at, those first that have waited longest. Times are `now`'s, leases
 * the database's.
 */
export async function takeDue(
  operator: pg.Pool,
  holder: string,
  { now, isFailing, limit }: { now: Date; isFailing: boolean; limit: number },
): Promise<Due[]> {
  const { rows } = await operator.query<Due>(
    `update webhook_queue set holder = $1, leased_until = clock_timestamp() + make_interval(secs => $2),
       due_at = 'infinity'
     where (enterprise, webhook) in (
       select enterprise, webhook from webhook_queue
       where is_failing = $3 and (holder is null and due_at <= $4 or leased_until < clock_timestamp())
       order by due_at limit $5 for update skip locked)
     returning enterprise as "enterpriseId", webhook as "webhookId"`,
    [holder, leaseSeconds, isFailing, now, limit],
  );
  return rows;
}

/** Lets go of a webhook: it is due then, unless somebody has asked for an earlier time. */
export const release = (
  operator: pg.Pool,
  holder: string,
  { enterpriseId, webhookId }: Due,
  next: { at: Date; isFailing: boolean },
): Promise<unknown> =>
  operator.query(
    `update webhook_queue set holder = null, leased_until = null, due_at = least(due_at, $4), is_failing = $5
     where enterprise = $1 and webhook = $2 and holder = $3`,
    [enterpriseId, webhookId, holder, next.at, next.isFailing],
  );

/** It is stopped or gone: due at no time, unless somebody has started it meanwhile. */
export const strike = async (
  operator: pg.Pool,
  holder: string,
  { enterpriseId, webhookId }: Due,
): Promise<void> => {
  const { rowCount } = await operator.query(
    "delete from webhook_queue where enterprise = $1 and webhook = $2 and holder = $3 and due_at = 'infinity'",
    [enterpriseId, webhookId, holder],
  );
  if (rowCount === 0)
    await operator.query(
      `update webhook_queue set holder = null, leased_until = null
       where enterprise = $1 and webhook = $2 and holder = $3`,
      [enterpriseId, webhookId, holder],
    );
};

/** The journal of these enterprises has grown: their webhooks are due now. */
export const wake = (operator: pg.Pool, enterpriseIds: readonly string[], now: Date): Promise<unknown> =>
  operator.query("update webhook_queue set due_at = $2 where enterprise = any($1::text[]) and due_at > $2", [
    enterpriseIds,
    now,
  ]);

/** Lets go of all, for whoever knows that nobody else can be at any. */
export const letGoOfAll = (operator: pg.Pool, now: Date): Promise<unknown> =>
  operator.query(
    `update webhook_queue set holder = null, leased_until = null, due_at = least(due_at, $1)
     where holder is not null`,
    [now],
  );
