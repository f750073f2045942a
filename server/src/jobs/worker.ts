import { randomUUID } from "node:crypto";
import type pg from "pg";
import type { Logger } from "pino";
import { causeOf } from "../logging/error-cause.ts";
import { type Item, release, renew, renewEveryMs, strike, takeNext } from "./leases.ts";

/** Does one piece of work; aborted, it stops where it is and somebody else goes on from there. */
type Run = (item: Item, signal: AbortSignal) => Promise<void>;

export type Working = {
  operator: pg.Pool;
  log: Logger;
  run: Run;
  /** Pieces of work at once. */
  atOnce?: number;
  /** How often it looks for work that it was not told of. */
  pollMs?: number;
};

export type Worker = {
  /** There is work. */
  nudge(): void;
  /** Stops what is under way, between two steps, and lets go of it. */
  stop(): Promise<void>;
};

const afterFailureSeconds = 5;

/** Works until it is stopped. Whatever fails is logged, and tried again by whoever comes next. */
export function startWorking({ operator, log, run, atOnce = 2, pollMs = 1_000 }: Working): Worker {
  const holder = randomUUID();
  const stopping = new AbortController();
  const underway = new Set<Promise<void>>();
  let looking: Promise<void> = Promise.resolve();

  async function work(item: Item): Promise<void> {
    const lost = new AbortController();
    const signal = AbortSignal.any([stopping.signal, lost.signal]);
    const renewing = setInterval(() => {
      renew(operator, holder, item).then(
        (isHeld) => isHeld || lost.abort(),
        // Unheard of: the lease may run out meanwhile, and each step finds out by itself.
        (error) =>
          log.warn({ event: "lease-not-renewed", ...item, cause: causeOf(error) }, "lease not renewed"),
      );
    }, renewEveryMs);
    try {
      await run(item, signal);
      if (signal.aborted) await release(operator, holder, item);
      else await strike(operator, item);
    } catch (error) {
      log.error({ event: "import-interrupted", ...item, cause: causeOf(error) }, "import interrupted");
      await release(operator, holder, item, afterFailureSeconds).catch(() => undefined);
    } finally {
      clearInterval(renewing);
    }
  }

  async function look(): Promise<void> {
    while (underway.size < atOnce && !stopping.signal.aborted) {
      const item = await takeNext(operator, holder);
      if (!item) return;
      const working = work(item).finally(() => {
        underway.delete(working);
        nudge();
      });
      underway.add(working);
    }
  }

  function nudge(): void {
    if (stopping.signal.aborted) return;
    looking = looking.then(look).catch((error) => {
      log.warn({ event: "queue-not-read", cause: causeOf(error) }, "queue not read");
    });
  }

  const polling = setInterval(nudge, pollMs);
  nudge();
  return {
    nudge,
    async stop() {
      clearInterval(polling);
      stopping.abort();
      await looking;
      await Promise.all(underway);
    },
  };
}
