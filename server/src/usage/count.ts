import type { Caller } from "../database/as-enterprise.ts";
import type { CallerKind } from "./store.ts";

/** Requests of one caller on one day, and when the last one was that was let in. */
type Counted = {
  day: string;
  callerKind: CallerKind;
  callerId: string;
  requests: number;
  refused: number;
  failed: number;
  lastUsedAt: Date | null;
};

/** Requests by who made them, until they are written down: a request writes nothing. */
export type UsageCounter = {
  count(caller: Caller, status: number): void;
  /** What was counted, by enterprise; counting begins anew. */
  take(): Map<string, Counted[]>;
  /** What was taken and could not be written, for the next time. */
  giveBack(enterpriseId: string, counted: readonly Counted[]): void;
};

export function countUsage(clock: () => Date): UsageCounter {
  let byEnterprise = new Map<string, Map<string, Counted>>();

  function entry(enterpriseId: string, it: Pick<Counted, "day" | "callerKind" | "callerId">): Counted {
    let ofEnterprise = byEnterprise.get(enterpriseId);
    if (!ofEnterprise) {
      ofEnterprise = new Map();
      byEnterprise.set(enterpriseId, ofEnterprise);
    }
    const key = `${it.day} ${it.callerKind} ${it.callerId}`;
    let counted = ofEnterprise.get(key);
    if (!counted) {
      counted = { ...it, requests: 0, refused: 0, failed: 0, lastUsedAt: null };
      ofEnterprise.set(key, counted);
    }
    return counted;
  }

  return {
    count(caller, status) {
      const named = callerOf(caller);
      if (named === null) return;
      const now = clock();
      const counted = entry(caller.enterpriseId, { day: now.toISOString().slice(0, 10), ...named });
      counted.requests++;
      if (status >= 500) counted.failed++;
      else if (status >= 400) counted.refused++;
      // Whoever has a token that is no longer good is refused, and does not use the app.
      if (status !== 401) counted.lastUsedAt = now;
    },
    take() {
      const taken = new Map([...byEnterprise].map(([id, counted]) => [id, [...counted.values()]]));
      byEnterprise = new Map();
      return taken;
    },
    giveBack(enterpriseId, all) {
      for (const it of all) {
        const counted = entry(enterpriseId, it);
        counted.requests += it.requests;
        counted.refused += it.refused;
        counted.failed += it.failed;
        counted.lastUsedAt ??= it.lastUsedAt;
      }
    },
  };
}

/** The operator is nobody who is counted. */
const callerOf = (caller: Caller): Pick<Counted, "callerKind" | "callerId"> | null =>
  caller.kind === "operator" ? null : { callerKind: caller.kind, callerId: caller.id };
