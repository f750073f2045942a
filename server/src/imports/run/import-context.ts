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
import { holdAt, type Job } from "../job/store.ts";

/** Somebody else goes on with the import, or has ended it. */
export class LostHold extends Error {}
/** Somebody wants it to stop. */
export class Cancelled extends Error {}

/** The import at work: what its steps are taken with. */
export type Work = {
  enterpriseId: string;
  job: Job;
  /** Reads of the enterprise, each in a transaction of its own. */
  reading: EnterpriseDatabase;
  now(): Date;
  /** Aborted, it stops between two steps. */
  signal: AbortSignal;
  /** The last step, whoever wants what: only if nobody else has moved the import. */
  end(statements: (call: Call) => readonly Sql[]): Promise<void>;
  /**
   * One step: a transaction that finds the import in the phase and at the position where this work believes it to
   * be, and keeps everybody else from moving it. So each step is taken once, whoever was killed when.
   */
  step<T>(take: (call: Call, definitions: Definitions) => Promise<T>, options?: WriteOptions): Promise<T>;
};

export function openWork(
  pool: ServicePool,
  clock: () => Date,
  enterpriseId: string,
  job: Job,
  signal: AbortSignal,
): Work {
  const caller: Caller = { enterpriseId, kind: "operator" };
  const now = () => new Date(Math.floor(clock().getTime() / 1000) * 1000);
  const callOf = (database: EnterpriseDatabase): Call => {
    const moment = now();
    return {
      database,
      appId: job.appId,
      personId: job.personId,
      companyId: job.companyId,
      requestId: job.requestId,
      now: moment,
      newId: () => newIdAt(moment),
      cursorKeys: [],
      stopping: signal,
      leaving: () => signal,
    };
  };
  return {
    enterpriseId,
    job,
    reading: readingAs(pool, caller),
    now,
    signal,
    end: (statements) =>
      writingAs(pool, caller, {}, async (database) => {
        if ((await holdAt(database, job)) === "lost") throw new LostHold();
        await database.batch(statements(callOf(database)));
      }),
    step: (take, options = {}) =>
      writingAs(pool, caller, options, async (database) => {
        const hold = await holdAt(database, job);
        if (hold === "lost") throw new LostHold();
        if (hold === "cancelled") throw new Cancelled();
        return take(callOf(database), await currentDefinitions(database));
      }),
  };
}

/** A refusal that says that the same can be asked again. */
export const isPassing = (error: unknown): boolean =>
  error instanceof Problem && error.headers["retry-after"] !== undefined;
