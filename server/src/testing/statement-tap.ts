import type pg from "pg";
import { driverOf, type Pools } from "../database/pools.ts";

/** A statement before it is sent. Changing it changes what is sent. */
export type Tapped = { text: string; values: readonly unknown[]; bound?: readonly unknown[]; name?: string };

/** One round trip: the statements sent together, and their sender. Only a batch can be extended. */
export type RoundTrip = { statements: Tapped[]; isBatch: boolean; client: pg.PoolClient };

/**
 * Exposes every round trip of the pool before it is sent, so that a test can count, rewrite or break statements without
 * test code in the service.
 */
export function tap(of: Pools[keyof Pools], see: (roundTrip: RoundTrip) => void): void {
  const pool = driverOf(of);
  const tapped = new WeakSet<pg.PoolClient>();
  const connect = pool.connect.bind(pool) as (...args: unknown[]) => Promise<pg.PoolClient>;
  pool.connect = (async (...args: unknown[]) => {
    if (args.length > 0) return connect(...args);
    const client = await connect();
    if (!tapped.has(client)) {
      tapped.add(client);
      const query = client.query.bind(client) as (...args: unknown[]) => unknown;
      client.query = ((...sent: unknown[]) => {
        const [first, ...rest] = sent;
        if (isDescription(first)) return query(...sent);
        const { statements, isBatch } = roundTripOf(first);
        see({ statements, isBatch, client });
        return query(typeof first === "string" ? statements[0]!.text : first, ...rest);
      }) as pg.PoolClient["query"];
    }
    return client;
  }) as typeof pool.connect;
}

/** A question for parameter types, sent once per text and process, reads and changes nothing. */
const isDescription = (sent: unknown): boolean =>
  typeof sent === "object" && sent !== null && "texts" in sent;

function roundTripOf(sent: unknown): Omit<RoundTrip, "client"> {
  if (typeof sent === "string") return { statements: [{ text: sent, values: [] }], isBatch: false };
  const { statements } = sent as { statements?: Tapped[] };
  return statements ? { statements, isBatch: true } : { statements: [sent as Tapped], isBatch: false };
}
