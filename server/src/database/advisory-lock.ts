import type pg from "pg";
import { driverOf, type OperatorPool } from "./pools.ts";

/**
 * Begins a transaction that holds the lock. A session must not hold it, because connection poolers give each
 * transaction another one.
 */
export async function beginWithLock(client: pg.ClientBase, key: number): Promise<void> {
  await client.query("begin");
  await client.query("select pg_advisory_xact_lock($1)", [key]);
}

/** Runs `work` while a transaction of its own holds the lock. The lock ends with it, however `work` ends. */
export async function withAdvisoryLock<T>(
  operator: OperatorPool,
  key: number,
  work: () => Promise<T>,
): Promise<T> {
  const client = await driverOf(operator).connect();
  try {
    await beginWithLock(client, key);
    await client.query("set local idle_in_transaction_session_timeout = 0");
    return await work();
  } finally {
    client.release(true);
  }
}
