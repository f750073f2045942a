import type pg from "pg";
import { type Caller, type EnterpriseDatabase, readingAs, writingAs } from "../../database/as-enterprise.ts";
import type { Sql } from "../../database/sql.ts";
import { newIdAt } from "../../ids/new-id.ts";
import { operatorOf } from "../../journal/append.ts";
import { webhookChanged } from "../journal.ts";
import { opened } from "../secret.ts";
import { lock } from "../store.ts";
import { deliver } from "./deliver.ts";
import { type Endpoint, fetchDue, fetchEndpoint, recordAttempts, recordState } from "./endpoint-store.ts";
import { fanOut } from "./fan-out.ts";
import type { Due } from "./queue.ts";
import { nextLookAt } from "./schedule.ts";
import type { Send } from "./send.ts";

/** What webhooks are looked after with. */
export type Dispatch = {
  pool: pg.Pool;
  /** Open the secrets. */
  keys: readonly Uint8Array[];
  send: Send;
  clock(): Date;
  random(): number;
};

/** When to come back, and to which of the two queues. */
export type Next = { at: Date; isFailing: boolean };

/** Deliveries that wait for their first try: with so many the journal can wait. */
const backlogMax = 1_000;
const deliveriesAtOnce = 250;
/** After this nothing more is begun: others want to be looked after, and what is under way ends before the lease. */
const lookMs = 10_000;

/**
 * Brings one endpoint up to date: what is new in the journal becomes deliveries, what is due is tried. Returns when
 * there is nothing more to do, or it has done its share; null when the endpoint is stopped or gone.
 */
export async function lookAfter(
  { pool, keys, send, clock, random }: Dispatch,
  { enterpriseId, webhookId }: Due,
  signals: { stopping: AbortSignal; cut: AbortSignal },
): Promise<Next | null> {
  const caller: Caller = { enterpriseId, kind: "operator" };
  const reading = readingAs(pool, caller);
  const beganMs = clock().getTime();
  const mayGoOn = () => !signals.stopping.aborted && clock().getTime() - beganMs < lookMs;

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
    if (due.length === 0 && (isCaughtUp || !hasRoom)) {
      const lookAt = nextLookAt(now, endpoint.lastDueAt);
      return {
        at: nextAt !== null && (!hasRoom || nextAt < lookAt) ? nextAt : lookAt,
        isFailing: wasFailing,
      };
    }
    if (due.length > 0)
      await deliver(
        {
          endpoint,
          secrets: secretsOf(keys, enterpriseId, endpoint, now),
          send,
          clock,
          random,
          mayBegin: mayGoOn,
          signal: signals.cut,
          record: recorderOf({ pool, clock }, enterpriseId, endpoint),
        },
        due,
      );
    if (endpoint.stopped !== null) return null;
    const isFailing = endpoint.failingSince !== null;
    // One that fails goes on among those that fail.
    if (!mayGoOn() || isFailing !== wasFailing) return { at: clock(), isFailing };
  }
}

function secretsOf(
  keys: readonly Uint8Array[],
  enterpriseId: string,
  { id, secret, formerSecret, formerSecretUntil }: Endpoint,
  now: Date,
): string[] {
  const isLive = formerSecret !== null && formerSecretUntil !== null && now < formerSecretUntil;
  return [secret, ...(isLive ? [formerSecret] : [])].map((kept) =>
    opened(keys, { enterpriseId, webhookId: id }, kept),
  );
}

function recorderOf(
  { pool, clock }: Pick<Dispatch, "pool" | "clock">,
  enterpriseId: string,
  endpoint: Endpoint,
) {
  const stateOf = () => JSON.stringify([endpoint.stopped, endpoint.failingSince, endpoint.restingUntil]);
  let known = stateOf();
  return async (attempts: Parameters<typeof recordAttempts>[2]): Promise<void> => {
    const state = stateOf();
    await writingAs(pool, { enterpriseId, kind: "operator" }, {}, async (database) => {
      const told = endpoint.stopped === null ? [] : await stopOf(database, endpoint, clock());
      await database.batch([
        ...told,
        recordAttempts(enterpriseId, endpoint.id, attempts),
        ...(state === known ? [] : [recordState(enterpriseId, endpoint, clock())]),
      ]);
    });
    known = state;
  };
}

/** For the journal: that it is stopped, and why, unless it was stopped meanwhile. */
async function stopOf(
  database: EnterpriseDatabase,
  { id, stopped }: Endpoint,
  now: Date,
): Promise<readonly Sql[]> {
  const before = await lock(database, id);
  if (!before || before.stopped !== null || stopped === null) return [];
  const after = { ...before, stopped, version: before.version + 1 };
  return webhookChanged(operatorOf(database, now), stopped, before, after);
}
