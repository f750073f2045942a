import type { OperatorPool } from "../../database/pools.ts";
import { sql } from "../../database/sql.ts";
import type { QueueDefinition } from "../../jobs/queue-loop.ts";
import { type DeliveryContext, type EndpointLane, processEndpoint } from "./process-endpoint.ts";

/**
 * Endpoints that are not stopped, each with the time at which it is processed next; infinity until a change makes it
 * due. While one is held it is due at no time, so a time that is set meanwhile is kept for the next run. Due times are
 * the service's, leases the database's.
 */
export const endpointQueue = (context: DeliveryContext): QueueDefinition<EndpointLane> => ({
  kind: "webhook",
  table: "webhook_queue",
  id: "webhook",
  orderBy: "due_at",
  // A run begins nothing after 10 s, and a request lasts 15 s at most.
  leaseSeconds: 60,
  isFair: false,
  concurrency: { healthy: 48, failing: 16 },
  isInLane: (lane) => sql`q.is_failing = ${lane === "failing"}`,
  isDue: () => sql`q.due_at <= ${context.clock()}`,
  whenTaken: [sql`due_at = 'infinity'`],
  whenReleased: ({ afterMs, lane }) => [
    sql`leased_until = null`,
    ...(afterMs === null
      ? []
      : [sql`due_at = least(due_at, ${new Date(context.clock().getTime() + afterMs)})`]),
    ...(lane === undefined ? [] : [sql`is_failing = ${lane === "failing"}`]),
  ],
  isComplete: sql`due_at = 'infinity'`,
  async process({ enterpriseId, id }, signals) {
    const next = await processEndpoint(context, { enterpriseId, webhookId: id }, signals);
    if (next === null) return null;
    return { afterMs: next.at && next.at.getTime() - context.clock().getTime(), lane: next.lane };
  },
});

/** Makes the endpoints of these enterprises due now, because their journals have grown. */
export const makeEndpointsDue = (
  operator: OperatorPool,
  enterpriseIds: readonly string[],
  now: Date,
): Promise<unknown> =>
  operator.many(
    sql`update webhook_queue set due_at = ${now} where enterprise = any(${enterpriseIds}::bigint[]) and due_at > ${now}`,
  );
