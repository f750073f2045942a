import { randomInt } from "node:crypto";
import type { OperatorPool, ServicePool } from "./pools.ts";
import { sql } from "./sql.ts";
import { type DatabaseError, sqlstateOf } from "./sqlstate.ts";

const notNullViolation = "23502";

/** The server was started or promoted since the last write: its epoch has not begun. */
export const isWithoutEpoch = (error: unknown): boolean =>
  sqlstateOf(error) === notNullViolation && (error as DatabaseError).column === "epoch";

/** Begins the epoch of this start of the server, unless another process has. */
export const beginEpoch = (pool: ServicePool | OperatorPool): Promise<unknown> =>
  pool.many(sql`insert into epochs (id) values (${randomInt(2 ** 24)}) on conflict do nothing`);
