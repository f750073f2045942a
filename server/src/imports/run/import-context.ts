import { Problem } from "@clientele/contract/errors";
import type { Call } from "../../call.ts";
import { currentDefinitions, type Definitions } from "../../custom-fields/definitions.ts";
import {
  type Caller,
  type EnterpriseDatabase,
  readingAs,
  type WriteOptions,
  writingAs,
} from "../../database/as-enterprise.ts";
import type { ServicePool } from "../../database/pools.ts";
import type { Sql } from "../../database/sql.ts";
import { newIdAt } from "../../ids/new-id.ts";
import { type Job, lockAt } from "../job/store.ts";

/** Another process has moved the import. */
export class ImportMoved extends Error {}
/** A user has cancelled the import. */
export class Cancelled extends Error {}

/** One phase of an import that runs. */
export type ImportRun = {
  enterpriseId: string;
  job: Job;
  /** Reads, each in its own transaction. */
  database: EnterpriseDatabase;
  now(): Date;
  /** Aborts between two steps. */
  signal: AbortSignal;
  /** The last step, also of a cancelled import. Throws ImportMoved when another process has moved it. */
  end(statements: (call: Call) => readonly Sql[]): Promise<void>;
  /**
   * One step: a transaction that locks the import and verifies its phase and position, so that each step is taken once
   * whichever process is killed. Throws ImportMoved or Cancelled.
   */
  step<T>(take: (call: Call, definitions: Definitions) => Promise<T>, options?: WriteOptions): Promise<T>;
};

export function openRun(
  pool: ServicePool,
  clock: () => Date,
  enterpriseId: string,
  job: Job,
  signal: AbortSignal,
): ImportRun {
  const caller: Caller = { enterpriseId, kind: "operator" };
  const now = () => new Date(Math.floor(clock().getTime() / 1000) * 1000);
  const callOf = (database: EnterpriseDatabase): Call => {
    const at = now();
    return {
      database,
      appId: job.appId,
      personId: job.personId,
      companyId: job.companyId,
      requestId: job.requestId,
      now: at,
      newId: () => newIdAt(at),
      cursorKeys: [],
      stopping: signal,
      clientGone: () => signal,
    };
  };
  return {
    enterpriseId,
    job,
    database: readingAs(pool, caller),
    now,
    signal,
    end: (statements) =>
      writingAs(pool, caller, {}, async (database) => {
        if ((await lockAt(database, job)) === "lost") throw new ImportMoved();
        await database.batch(statements(callOf(database)));
      }),
    step: (take, options = {}) =>
      writingAs(pool, caller, options, async (database) => {
        const hold = await lockAt(database, job);
        if (hold === "lost") throw new ImportMoved();
        if (hold === "cancelled") throw new Cancelled();
        return take(callOf(database), await currentDefinitions(database));
      }),
  };
}

/** Whether the error says that a retry can succeed. */
export const isTemporary = (error: unknown): boolean =>
  error instanceof Problem && error.headers["retry-after"] !== undefined;
