import { type Caller, type EnterpriseDatabase, readingAs, writingAs } from "../../database/as-enterprise.ts";
import type { ServicePool } from "../../database/pools.ts";
import type { Sql } from "../../database/sql.ts";
import { newIdAt } from "../../ids/new-id.ts";
import type { JobSignals } from "../../jobs/queue-loop.ts";
import { operatorOf } from "../../journal/append.ts";
import { webhookChanged } from "../journal.ts";
import { unsealSecret } from "../secret.ts";
import { lock } from "../store.ts";
import { deliver } from "./deliver.ts";
import { type Endpoint, fetchDue, fetchEndpoint, recordAttempts, recordState } from "./endpoint-store.ts";
import { fanOut } from "./fan-out.ts";
import type { Send } from "./send.ts";

export type DeliveryContext = {
  pool: ServicePool;
  /** The keys that open the secrets. */
  keys: readonly Uint8Array[];
  send: Send;
  clock(): Date;
  random(): number;
};

/** Endpoints whose receivers fail wait for each other only. */
export type EndpointLane = "healthy" | "failing";

/** The next time to process the endpoint; null when a change makes it due. */
type NextRun = { at: Date | null; lane: EndpointLane };

/** With so many deliveries that were not tried yet, the journal is not read on. */
const backlogMax = 1_000;
const deliveriesAtOnce = 250;
/** After this a run begins nothing more, so that other endpoints get their turn. */
const runMs = 10_000;

/**
 * Turns new journal entries into deliveries and attempts those that are due. Returns null when the endpoint is stopped
 * or deleted.
 */
export async function processEndpoint(
  { pool, keys, send, clock, random }: DeliveryContext,
  { enterpriseId, webhookId }: { enterpriseId: string; webhookId: string },
  signals: JobSignals,
): Promise<NextRun | null> {
  const caller: Caller = { enterpriseId, kind: "operator" };
  const reading = readingAs(pool, caller);
  const startMs = clock().getTime();
  const mayContinue = () => !signals.stopping.aborted && clock().getTime() - startMs < runMs;

  for (;;) {
    const endpoint = await fetchEndpoint(reading, webhookId, backlogMax);
    if (!endpoint || endpoint.stopped !== null) return null;
    const now = clock();
    const wasFailing = endpoint.failingSince !== null;
    const hasRoom = endpoint.backlog < backlogMax;
    const { isCaughtUp } = hasRoom
      ? await fanOut(reading, (work) => writingAs(pool, caller, {}, work), endpoint, {
          now,
          newId: () => newIdAt(now),
        })
      : { isCaughtUp: false };

    if (endpoint.restingUntil !== null && endpoint.restingUntil <= now) endpoint.restingUntil = null;
    const { due, nextAt } =
      endpoint.restingUntil === null
        ? await fetchDue(reading, webhookId, now, deliveriesAtOnce)
        : { due: [], nextAt: endpoint.restingUntil };
    if (due.length === 0 && (isCaughtUp || !hasRoom)) return { at: nextAt, lane: laneOf(wasFailing) };
    if (due.length > 0)
      await deliver(
        {
          endpoint,
          secrets: secretsOf(keys, enterpriseId, endpoint, now),
          send,
          clock,
          random,
          mayBegin: mayContinue,
          signal: signals.cut,
          record: recorderOf({ pool, clock }, enterpriseId, endpoint),
        },
        due,
      );
    if (endpoint.stopped !== null) return null;
    const isFailing = endpoint.failingSince !== null;
    // An endpoint that begins to fail, or recovers, continues in the other lane.
    if (!mayContinue() || isFailing !== wasFailing) return { at: clock(), lane: laneOf(isFailing) };
  }
}

const laneOf = (isFailing: boolean): EndpointLane => (isFailing ? "failing" : "healthy");

function secretsOf(
  keys: readonly Uint8Array[],
  enterpriseId: string,
  { id, secret, formerSecret, formerSecretUntil }: Endpoint,
  now: Date,
): string[] {
  const isLive = formerSecret !== null && formerSecretUntil !== null && now < formerSecretUntil;
  return [secret, ...(isLive ? [formerSecret] : [])].map((stored) =>
    unsealSecret(keys, { enterpriseId, webhookId: id }, stored),
  );
}

function recorderOf(
  { pool, clock }: Pick<DeliveryContext, "pool" | "clock">,
  enterpriseId: string,
  endpoint: Endpoint,
) {
  const stateOf = () => JSON.stringify([endpoint.stopped, endpoint.failingSince, endpoint.restingUntil]);
  let recorded = stateOf();
  return async (attempts: Parameters<typeof recordAttempts>[2]): Promise<void> => {
    const state = stateOf();
    await writingAs(pool, { enterpriseId, kind: "operator" }, {}, async (database) => {
      const stopEntries = endpoint.stopped === null ? [] : await journalStop(database, endpoint, clock());
      await database.batch([
        ...stopEntries,
        recordAttempts(enterpriseId, endpoint.id, attempts),
        ...(state === recorded ? [] : [recordState(enterpriseId, endpoint, clock())]),
      ]);
    });
    recorded = state;
  };
}

/** The journal entry that the endpoint was stopped, unless it was stopped meanwhile. */
async function journalStop(
  database: EnterpriseDatabase,
  { id, stopped }: Endpoint,
  now: Date,
): Promise<readonly Sql[]> {
  const before = await lock(database, id);
  if (!before || before.stopped !== null || stopped === null) return [];
  const after = { ...before, stopped, version: before.version + 1 };
  return webhookChanged(operatorOf(database, now), stopped, before, after);
}
