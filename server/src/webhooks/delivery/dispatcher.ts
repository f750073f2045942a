import { randomUUID } from "node:crypto";
import type pg from "pg";
import type { Logger } from "pino";
import { causeOf } from "../../logging/error-cause.ts";
import { type Dispatch, lookAfter } from "./process-endpoint.ts";
import { type Due, release, strike, takeDue, wake } from "./queue.ts";

export type Dispatching = {
  operator: pg.Pool;
  dispatch: Dispatch;
  log: Logger;
  /** How often it looks for what has become due by itself. */
  pollMs?: number;
};

export type Dispatcher = {
  /** The journal of an enterprise has grown. */
  wake(enterpriseId: string): void;
  /** Begins nothing more, and gives what is under way a while to end. */
  stop(): Promise<void>;
};

/** Endpoints that are looked after at once. Dead ones wait for dead ones alone. */
const lanes = [
  { isFailing: false, atOnce: 48 },
  { isFailing: true, atOnce: 16 },
] as const;

/** News of an enterprise that come within this time are one. */
const gatherMs = 100;
const afterFailureMs = 5_000;
/** Less than the thread is given. */
const drainMs = 10_000;

/** Tells endpoints of changes until it is stopped. What fails is logged, and tried again by whoever comes next. */
export function startDispatching({ operator, dispatch, log, pollMs = 1_000 }: Dispatching): Dispatcher {
  const holder = randomUUID();
  const stopping = new AbortController();
  const cut = new AbortController();
  const underway = lanes.map(() => new Set<Promise<void>>());
  const grown = new Set<string>();
  let gathering: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    for (const [lane, { isFailing, atOnce }] of lanes.entries()) {
      const busy = underway[lane]!;
      if (busy.size >= atOnce || stopping.signal.aborted) continue;
      const now = dispatch.clock();
      for (const due of await takeDue(operator, holder, { now, isFailing, limit: atOnce - busy.size })) {
        const working = work(due, isFailing).finally(() => {
          busy.delete(working);
          nudge();
        });
        busy.add(working);
      }
    }
  }

  async function work(due: Due, isFailing: boolean): Promise<void> {
    const signals = { stopping: stopping.signal, cut: cut.signal };
    try {
      await finish(operator, holder, due, await lookAfter(dispatch, due, signals));
    } catch (error) {
      const facts = { event: "webhook-interrupted", ...due, cause: causeOf(error) };
      if (!cut.signal.aborted) log.warn(facts, "webhook interrupted");
      const at = new Date(dispatch.clock().getTime() + (cut.signal.aborted ? 0 : afterFailureMs));
      // Unheard of, the lease runs out by itself.
      await release(operator, holder, due, { at, isFailing }).catch(() => undefined);
    }
  }

  function nudge(): void {
    if (stopping.signal.aborted) return;
    looking = looking.then(look).catch((error) => {
      log.warn({ event: "webhooks-not-read", cause: causeOf(error) }, "webhooks not read");
    });
  }

  function gathered(): void {
    gathering = undefined;
    const enterpriseIds = [...grown];
    grown.clear();
    wake(operator, enterpriseIds, dispatch.clock()).then(nudge, (error) => {
      log.warn({ event: "webhooks-not-woken", cause: causeOf(error) }, "webhooks not woken");
    });
  }

  const polling = setInterval(nudge, pollMs);
  nudge();
  return {
    wake(enterpriseId) {
      grown.add(enterpriseId);
      gathering ??= setTimeout(gathered, gatherMs);
    },
    async stop() {
      clearInterval(polling);
      clearTimeout(gathering);
      stopping.abort();
      const cutting = setTimeout(() => cut.abort(new Error("The service is stopping.")), drainMs);
      await looking;
      await Promise.all(underway.flatMap((busy) => [...busy]));
      clearTimeout(cutting);
    },
  };
}

/** Lets go of a webhook as looking after it has ended. */
export const finish = (
  operator: pg.Pool,
  holder: string,
  due: Due,
  next: Awaited<ReturnType<typeof lookAfter>>,
): Promise<unknown> => (next === null ? strike(operator, holder, due) : release(operator, holder, due, next));
