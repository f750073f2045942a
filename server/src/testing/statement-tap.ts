import type pg from "pg";

/** A statement on its way to the database. Changing it changes what is sent. */
export type Tapped = { text: string; values: readonly unknown[]; bound?: readonly unknown[]; name?: string };

/** One round trip: the statements that are sent together, and who sends them. */
export type RoundTrip = { statements: Tapped[]; client: pg.PoolClient };

/**
 * Shows every round trip of the pool before it is sent, so that a test can count, rewrite or sabotage statements
 * without any of that in the service.
 */
export function tap(pool: pg.Pool, see: (roundTrip: RoundTrip) => void): void {
  const tapped = new WeakSet<pg.PoolClient>();
  const connect = pool.connect.bind(pool) as (...args: unknown[]) => Promise<pg.PoolClient>;
  pool.connect = (async (...args: unknown[]) => {
    if (args.length > 0) return connect(...args);
    const client = await connect();
    if (!tapped.has(client)) {
      tapped.add(client);
      const query = client.query.bind(client) as (...args: unknown[]) => unknown;
      client.query = ((...sent: unknown[]) => {
        see({ statements: statementsOf(sent[0]), client });
        return query(...sent);
      }) as pg.PoolClient["query"];
    }
    return client;
  }) as typeof pool.connect;
}

function statementsOf(sent: unknown): Tapped[] {
  if (typeof sent === "string") return [{ text: sent, values: [] }];
  const { statements } = sent as { statements?: Tapped[] };
  return statements ?? [sent as Tapped];
}
