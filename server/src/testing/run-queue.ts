import type { OperatorPool } from "../database/pools.ts";
import { openLeaseQueue } from "../jobs/lease-queue.ts";
import type { QueueDefinition } from "../jobs/queue-loop.ts";

const itemsAtOnce = 10;
const never = new AbortController().signal;

/** Processes the items of a queue one after the other until none is due. Throws what an item throws. */
export async function runQueue<Lane extends string>(
  operator: OperatorPool,
  definition: QueueDefinition<Lane>,
  holder = "test",
): Promise<void> {
  const queue = openLeaseQueue(operator, definition, holder);
  const lanes = Object.keys(definition.concurrency) as Lane[];
  for (;;) {
    const items = [];
    for (const lane of lanes) items.push(...(await queue.take(lane, itemsAtOnce)));
    if (items.length === 0) return;
    for (const item of items) {
      const next = await definition.process(item, { stopping: never, cut: never });
      await (next === null ? queue.complete(item) : queue.release(item, next));
    }
  }
}
