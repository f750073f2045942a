import type { Caller } from "../database/as-enterprise.ts";
import type { CallerKind, EnterpriseUsage } from "./store.ts";

/** Counts requests by caller and day in memory, so that a request writes nothing. */
export type UsageCounter = {
  count(caller: Caller, status: number): void;
  /** Returns the counts and starts from zero. */
  take(): EnterpriseUsage[];
  /** Adds counts that were taken but could not be written. */
  restore(counts: readonly EnterpriseUsage[]): void;
};

type CallerOfDay = Pick<EnterpriseUsage, "enterpriseId" | "day" | "callerKind" | "callerId">;

export function countUsage(clock: () => Date): UsageCounter {
  let counted = new Map<string, EnterpriseUsage>();

  function countsOf({ enterpriseId, day, callerKind, callerId }: CallerOfDay): EnterpriseUsage {
    const key = `${enterpriseId} ${day} ${callerKind} ${callerId}`;
    let counts = counted.get(key);
    if (!counts) {
      const caller = { enterpriseId, day, callerKind, callerId };
      counts = { ...caller, requests: 0, refused: 0, failed: 0, lastUsedAt: null };
      counted.set(key, counts);
    }
    return counts;
  }

  return {
    count(caller, status) {
      const known = callerOf(caller);
      if (known === null) return;
      const now = clock();
      const { enterpriseId } = caller;
      const counts = countsOf({ enterpriseId, day: now.toISOString().slice(0, 10), ...known });
      counts.requests++;
      if (status >= 500) counts.failed++;
      else if (status >= 400) counts.refused++;
      // A request with an invalid token does not count as a use of the app.
      if (status !== 401) counts.lastUsedAt = now;
    },
    take() {
      const taken = [...counted.values()];
      counted = new Map();
      return taken;
    },
    restore(restored) {
      for (const taken of restored) {
        const counts = countsOf(taken);
        counts.requests += taken.requests;
        counts.refused += taken.refused;
        counts.failed += taken.failed;
        counts.lastUsedAt ??= taken.lastUsedAt;
      }
    },
  };
}

/** Operators are not counted. */
const callerOf = (caller: Caller): { callerKind: CallerKind; callerId: string } | null =>
  caller.kind === "operator" ? null : { callerKind: caller.kind, callerId: caller.id };
