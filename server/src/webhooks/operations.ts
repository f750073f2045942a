import { isDeepStrictEqual } from "node:util";
import { pageOf } from "@clientele/contract/envelopes";
import { bodyError, type FieldError, Problem, problemOf } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import type { RequestOf } from "@clientele/contract/route";
import type * as contract from "@clientele/contract/webhooks";
import type { Call, Operation } from "../call.ts";
import { knownCompanies } from "../companies/known-companies.ts";
import { fromNow } from "../journal/feed.ts";
import { normalized } from "../text/normalize.ts";
import { answerOf } from "./answer.ts";
import { type Allowed, refusalOf } from "./delivery/target.ts";
import { administers, isAdministrative } from "./event-types.ts";
import { webhookChanged } from "./journal.ts";
import { newSecret, sealSecret } from "./secret.ts";
import * as store from "./store.ts";

/** How long the previous secret signs too. */
const formerSecretHours = 24;

export type WebhookSettings = {
  /** The keys that seal secrets, the newest first. */
  keys: readonly Uint8Array[];
  allowed: Allowed;
};

export const list: Operation<typeof contract.listWebhooks> = async ({ database, now }, { query }) => {
  const { page, limit, offset } = pageOf(query);
  const { webhooks, total } = await store.list(database, { offset, limit });
  return { data: webhooks.map((webhook) => answerOf(webhook, now)), total, page, limit };
};

export const fetch: Operation<typeof contract.fetchWebhook> = async ({ database, now }, { params }) => {
  const webhook = await store.find(database, params.webhookId);
  if (!webhook) throw new Problem("WEBHOOK_NOT_FOUND");
  return { data: answerOf(webhook, now), version: webhook.version };
};

export const create =
  ({ keys, allowed }: WebhookSettings): Operation<typeof contract.createWebhook> =>
  async (call, { body }) => {
    const { database, now } = call;
    const { enterpriseId } = database;
    const webhook: store.Webhook = {
      id: call.newId(),
      url: body.url,
      description: "",
      kinds: ["*"],
      companyIds: null,
      stopped: null,
      stoppedAt: null,
      failingSince: null,
      formerSecretUntil: null,
      version: 1,
      createdAt: now,
      updatedAt: now,
      ...(await readChanges(call, body, allowed)),
    };
    const secret = newSecret();
    await database.batch([
      store.insert(enterpriseId, webhook, {
        secret: sealSecret(keys, { enterpriseId, webhookId: webhook.id }, secret),
        position: await fromNow(database),
      }),
      store.makeDue(enterpriseId, webhook.id, now),
      ...webhookChanged(call, "request", null, webhook),
    ]);
    return { data: { ...answerOf(webhook, now), secret }, version: webhook.version };
  };

export const update =
  ({ allowed }: Pick<WebhookSettings, "allowed">): Operation<typeof contract.updateWebhook> =>
  async (call, { params, body }) => {
    const { database, now } = call;
    const current = await lockExisting(call, params.webhookId);
    const changed = {
      ...current,
      ...(await readChanges(call, body, allowed)),
      ...pauseOrResume(current, body, now),
    };
    if (isDeepStrictEqual(changed, current))
      return { data: answerOf(current, now), version: current.version };
    const webhook = { ...changed, version: current.version + 1, updatedAt: now };
    await database.batch([
      store.update(database.enterpriseId, webhook),
      ...webhookChanged(call, "request", current, webhook),
      ...(webhook.stopped === null ? [store.makeDue(database.enterpriseId, webhook.id, now)] : []),
    ]);
    return { data: answerOf(webhook, now), version: webhook.version };
  };

export const remove: Operation<typeof contract.deleteWebhook> = async (call, { params }) => {
  const webhook = await lockExisting(call, params.webhookId);
  const { id } = webhook;
  await call.database.batch([
    ...store.remove(call.database.enterpriseId, id),
    ...webhookChanged(call, "request", webhook, null),
  ]);
  return { data: { id } };
};

export const rotateSecret =
  ({ keys }: Pick<WebhookSettings, "keys">): Operation<typeof contract.rotateWebhookSecret> =>
  async (call, { params }) => {
    const { database, now } = call;
    const { enterpriseId } = database;
    const current = await lockExisting(call, params.webhookId);
    const secret = newSecret();
    const webhook = {
      ...current,
      formerSecretUntil: new Date(now.getTime() + formerSecretHours * 3_600_000),
      version: current.version + 1,
      updatedAt: now,
    };
    const sealedSecret = sealSecret(keys, { enterpriseId, webhookId: current.id }, secret);
    await database.batch([
      store.rotateSecret(enterpriseId, webhook, sealedSecret),
      ...webhookChanged(call, "request", current, webhook),
    ]);
    return { data: { ...answerOf(webhook, now), secret }, version: webhook.version };
  };

async function lockExisting(call: Call, id: string): Promise<store.Webhook> {
  const webhook = await store.lock(call.database, id);
  if (!webhook) throw new Problem("WEBHOOK_NOT_FOUND");
  // Its URL or secret would let a caller without ADMIN receive administrative events.
  if (isAdministrative(webhook.kinds) && !administers(call.database)) throw new Problem("GRANT_EXCEEDED");
  if (call.expectedVersion !== undefined && call.expectedVersion !== webhook.version)
    throw new Problem("VERSION_MISMATCH");
  return webhook;
}

type Changes = Partial<RequestOf<typeof contract.updateWebhook>["body"]>;

/** The attributes that the body sets. Reports every error at once. */
async function readChanges(
  { database }: Call,
  { url, kinds, company_ids, description }: Changes,
  allowed: Allowed,
): Promise<Partial<store.Webhook>> {
  const fieldErrors: FieldError[] = [];
  const refusal = url === undefined ? null : refusalOf(url, allowed);
  if (refusal !== null) fieldErrors.push(bodyError("url", "REQUEST_INVALID", refusal));
  for (const [index, kind] of (kinds ?? []).entries()) {
    if (isAdministrative([kind]) && !administers(database))
      fieldErrors.push(bodyError(`kinds.${index}`, "GRANT_EXCEEDED", reason("ADMIN_NEEDED")));
  }
  const companyIds = company_ids && [...new Set(company_ids)];
  if (companyIds) {
    const known = await knownCompanies(database, companyIds);
    for (const [index, id] of company_ids.entries()) {
      if (!known.has(id))
        fieldErrors.push(bodyError(`company_ids.${index}`, "COMPANY_UNKNOWN", reason("COMPANY_UNKNOWN")));
    }
  }
  if (fieldErrors.length > 0) throw problemOf(fieldErrors);
  return {
    ...(url === undefined ? {} : { url }),
    ...(kinds === undefined ? {} : { kinds: [...new Set(kinds)] }),
    ...(companyIds === undefined ? {} : { companyIds }),
    ...(description === undefined ? {} : { description: normalized(description) }),
  };
}

/** Resuming also clears a stop for failures, so the receiver gets the full five days again. */
function pauseOrResume(
  { stopped }: store.Webhook,
  { is_paused }: Changes,
  now: Date,
): Pick<store.Webhook, "stopped" | "stoppedAt"> | Record<never, never> {
  if (is_paused === true && stopped === null) return { stopped: "paused", stoppedAt: now };
  if (is_paused === false && stopped !== null) return { stopped: null, stoppedAt: null, failingSince: null };
  return {};
}
