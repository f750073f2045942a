import { driverOf, type OperatorPool } from "./pools.ts";

/** Runs `work` while a session of its own holds the lock. The lock ends with the session, however `work` ends. */
export async function withAdvisoryLock<T>(
  operator: OperatorPool,
  key: number,
  work: () => Promise<T>,
): Promise<T> {
  const client = await driverOf(operator).connect();
  try {
    await client.query("select pg_advisory_lock($1)", [key]);
    return await work();
  } finally {
    client.release(true);
  }
}
