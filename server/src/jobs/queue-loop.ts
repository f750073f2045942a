import type { Logger } from "pino";
import type { OperatorPool } from "../database/pools.ts";
import { causeOf } from "../logging/error-cause.ts";
import type { JobKind } from "./job-kinds.ts";
import { type NextRun, openLeaseQueue, type QueueItem, type QueueTable } from "./lease-queue.ts";

export type JobSignals = {
  /** Aborted when the process is stopping: start nothing new. */
  stopping: AbortSignal;
  /** Aborted when the lease is lost or the time to stop is over: abandon the current item. */
  cut: AbortSignal;
};

/** One kind of job: its table, its concurrency, and the function that processes an item. */
export type QueueDefinition<Lane extends string> = QueueTable<Lane> & {
  kind: JobKind;
  /** Concurrency by lane. */
  concurrency: Readonly<Record<Lane, number>>;
  /** Returns when the item is due again, null when it is complete. */
  process(item: QueueItem, signals: JobSignals): Promise<NextRun<Lane> | null>;
};

export type RunningQueue = {
  /** Polls now instead of at the next interval. */
  nudge(): void;
  /** Takes no more items and waits for those in progress. */
  stop(): Promise<void>;
};

type QueueOptions = {
  operator: OperatorPool;
  log: Logger;
  /** Set if no other process uses the database: leases of a killed process end at once. */
  isAlone?: boolean;
};

const pollMs = 1_000;
/** After so many empty polls the queue is idle, and only every fifth interval polls. A nudge polls at any time. */
const emptyPollsMax = 10;
const intervalsPerIdlePoll = 5;
const afterFailureMs = 5_000;
/** Shorter than the 15 s after which the thread is terminated. */
const drainMs = 10_000;

/** Processes the items of a queue until it is stopped. An item that fails is logged and taken again. */
export function startQueue<Lane extends string>(
  definition: QueueDefinition<Lane>,
  { operator, log, isAlone = false }: QueueOptions,
): RunningQueue {
  const { kind, concurrency } = definition;
  const queue = openLeaseQueue(operator, definition);
  const stopping = new AbortController();
  const drained = new AbortController();
  const lanes = (Object.keys(concurrency) as Lane[]).map((lane) => ({
    lane,
    atOnce: concurrency[lane],
    underway: new Set<Promise<void>>(),
  }));
  const warn = (event: string, error: unknown, item?: QueueItem) =>
    log.warn({ event, kind, ...item, cause: causeOf(error) }, event);

  async function work(item: QueueItem): Promise<void> {
    const lost = new AbortController();
    const cut = AbortSignal.any([drained.signal, lost.signal]);
    let isRenewing = false;
    const renewing = setInterval(
      () => {
        if (isRenewing) return;
        isRenewing = true;
        queue
          .renew(item)
          .then(
            (isHeld) => isHeld || lost.abort(new Error("The lease was lost.")),
            (error) => warn("lease-not-renewed", error, item),
          )
          .finally(() => {
            isRenewing = false;
          });
      },
      (definition.leaseSeconds * 1_000) / 3,
    );
    try {
      const next = await definition.process(item, { stopping: stopping.signal, cut });
      await (next === null ? queue.complete(item) : queue.release(item, next));
    } catch (error) {
      if (!drained.signal.aborted) warn("job-interrupted", error, item);
      // If this fails too, the lease expires.
      await queue
        .release(item, { afterMs: drained.signal.aborted ? 0 : afterFailureMs })
        .catch(() => undefined);
    } finally {
      clearInterval(renewing);
    }
  }

  let emptyPolls = 0;
  async function poll(): Promise<void> {
    emptyPolls++;
    for (const { lane, atOnce, underway } of lanes) {
      let isMore = true;
      while (isMore && underway.size < atOnce && !stopping.signal.aborted) {
        const items = await queue.take(lane, atOnce - underway.size);
        if (items.length > 0) emptyPolls = 0;
        for (const item of items) {
          const working = work(item).finally(() => {
            underway.delete(working);
            nudge();
          });
          underway.add(working);
        }
        // A long backlog in one lane must not delay the next lane.
        isMore = definition.isFair && items.length > 0;
      }
    }
  }

  const begin = isAlone ? queue.releaseAll() : Promise.resolve();
  let polling = begin.catch((error) => warn("leases-not-released", error));
  let isPollPending = false;
  /** At most one poll is pending behind the current one, however slow the database is. */
  function nudge(): void {
    if (stopping.signal.aborted || isPollPending) return;
    isPollPending = true;
    polling = polling
      .then(() => {
        isPollPending = false;
        return poll();
      })
      .catch((error) => warn("queue-not-polled", error));
  }

  let intervals = 0;
  const timer = setInterval(() => {
    const isIdle = emptyPolls > emptyPollsMax;
    if (!isIdle || intervals++ % intervalsPerIdlePoll === 0) nudge();
  }, pollMs);
  nudge();
  return {
    nudge,
    async stop() {
      clearInterval(timer);
      stopping.abort();
      const draining = setTimeout(() => drained.abort(new Error("The service is stopping.")), drainMs);
      await polling;
      await Promise.all(lanes.flatMap(({ underway }) => [...underway]));
      clearTimeout(draining);
    },
  };
}
