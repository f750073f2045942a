import type { Caller } from "../database/as-enterprise.ts";
import type { CallerKind } from "./store.ts";

/** Requests of one caller on one day, and when the last authorized one came. */
type Counts = {
  day: string;
  callerKind: CallerKind;
  callerId: string;
  requests: number;
  refused: number;
  failed: number;
  lastUsedAt: Date | null;
};

/** Counts requests by caller in memory, so that a request writes nothing. */
export type UsageCounter = {
  count(caller: Caller, status: number): void;
  /** Returns the counts by enterprise and starts from zero. */
  take(): Map<string, Counts[]>;
  /** Adds counts that were taken but could not be written. */
  restore(enterpriseId: string, counts: readonly Counts[]): void;
};

export function countUsage(clock: () => Date): UsageCounter {
  let byEnterprise = new Map<string, Map<string, Counts>>();

  function countsOf(enterpriseId: string, caller: Pick<Counts, "day" | "callerKind" | "callerId">): Counts {
    let byCaller = byEnterprise.get(enterpriseId);
    if (!byCaller) {
      byCaller = new Map();
      byEnterprise.set(enterpriseId, byCaller);
    }
    const key = `${caller.day} ${caller.callerKind} ${caller.callerId}`;
    let counts = byCaller.get(key);
    if (!counts) {
      counts = { ...caller, requests: 0, refused: 0, failed: 0, lastUsedAt: null };
      byCaller.set(key, counts);
    }
    return counts;
  }

  return {
    count(caller, status) {
      const counted = callerOf(caller);
      if (counted === null) return;
      const now = clock();
      const counts = countsOf(caller.enterpriseId, { day: now.toISOString().slice(0, 10), ...counted });
      counts.requests++;
      if (status >= 500) counts.failed++;
      else if (status >= 400) counts.refused++;
      // A request with an invalid token does not count as a use of the app.
      if (status !== 401) counts.lastUsedAt = now;
    },
    take() {
      const taken = new Map([...byEnterprise].map(([id, counts]) => [id, [...counts.values()]]));
      byEnterprise = new Map();
      return taken;
    },
    restore(enterpriseId, restored) {
      for (const taken of restored) {
        const counts = countsOf(enterpriseId, taken);
        counts.requests += taken.requests;
        counts.refused += taken.refused;
        counts.failed += taken.failed;
        counts.lastUsedAt ??= taken.lastUsedAt;
      }
    },
  };
}

/** Operators are not counted. */
const callerOf = (caller: Caller): Pick<Counts, "callerKind" | "callerId"> | null =>
  caller.kind === "operator" ? null : { callerKind: caller.kind, callerId: caller.id };
