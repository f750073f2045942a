import type pg from "pg";

/** A piece of work that waits: an import of an enterprise. */
export type Item = { enterpriseId: string; importId: string };

/** A lease ends by itself when its holder is gone, by the database's clock. */
const leaseSeconds = 5;

/**
 * Takes the next piece of work that nobody holds; enterprises take turns, those first that have least under way.
 * Two that ask at once get two pieces.
 */
export async function takeNext(operator: pg.Pool, holder: string): Promise<Item | undefined> {
  const { rows } = await operator.query<Item>(
    `update import_queue set holder = $1, leased_until = clock_timestamp() + make_interval(secs => $2)
     where (enterprise, import) = (
       select q.enterprise, q.import from import_queue q
       where q.leased_until is null or q.leased_until < clock_timestamp()
       order by (select count(*) from import_queue r
                 where r.enterprise = q.enterprise and r.leased_until >= clock_timestamp()), q.queued_at
       limit 1 for update skip locked)
     returning enterprise as "enterpriseId", import as "importId"`,
    [holder, leaseSeconds],
  );
  return rows[0];
}

/** Whether the lease is still held; if it is, it is held for longer. */
export async function renew(operator: pg.Pool, holder: string, item: Item): Promise<boolean> {
  const { rowCount } = await operator.query(
    `update import_queue set leased_until = clock_timestamp() + make_interval(secs => $4)
     where enterprise = $1 and import = $2 and holder = $3`,
    [item.enterpriseId, item.importId, holder, leaseSeconds],
  );
  return rowCount === 1;
}

/** Lets go of work that is not done: the next one may go on at once, or not before so many seconds. */
export const release = (operator: pg.Pool, holder: string, item: Item, afterSeconds = 0): Promise<unknown> =>
  operator.query(
    `update import_queue set holder = null, leased_until = clock_timestamp() + make_interval(secs => $4)
     where enterprise = $1 and import = $2 and holder = $3`,
    [item.enterpriseId, item.importId, holder, afterSeconds],
  );

/** The work is done. */
export const strike = (operator: pg.Pool, item: Item): Promise<unknown> =>
  operator.query("delete from import_queue where enterprise = $1 and import = $2", [
    item.enterpriseId,
    item.importId,
  ]);

/** How often a lease is renewed: three times in its life. */
export const renewEveryMs = (leaseSeconds * 1000) / 3;

/** Lets go of all work, for whoever knows that nobody else can be at it: a killed one's leases need not run out. */
export const releaseAll = (operator: pg.Pool): Promise<unknown> =>
  operator.query("update import_queue set holder = null, leased_until = null");
