import { isDeepStrictEqual } from "node:util";
import { pageOf } from "@clientele/contract/envelopes";
import { bodyFault, type Fault, Problem, problemOf } from "@clientele/contract/errors";
import type { RequestOf } from "@clientele/contract/route";
import type * as contract from "@clientele/contract/webhooks";
import type { Call, Operation } from "../call.ts";
import { normalized } from "../custom-fields/text.ts";
import type { Sql } from "../database/sql.ts";
import { append } from "../journal/append.ts";
import { differenceOf } from "../journal/difference.ts";
import { fromNow } from "../journal/feed.ts";
import { answerOf } from "./answer.ts";
import { newSecret, sealed } from "./secret.ts";
import * as store from "./store.ts";
import { type Allowed, refusalOf } from "./target.ts";

/** How long the secret before signs as well. */
const formerSecretHours = 24;

export type WebhookSettings = {
  /** Seal the secrets, the newest first. */
  keys: readonly Uint8Array[];
  allowed: Allowed;
};

export const list: Operation<typeof contract.listWebhooks> = async ({ database, now }, { query }) => {
  const { page, limit, offset } = pageOf(query);
  const { webhooks, total } = await store.list(database, { offset, limit });
  return { data: webhooks.map((it) => answerOf(it, now)), total, page, limit };
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
      ...(await written(call, body, allowed)),
    };
    const secret = newSecret();
    await database.batch([
      store.insert(enterpriseId, webhook, {
        secret: sealed(keys, { enterpriseId, webhookId: webhook.id }, secret),
        position: await fromNow(database),
      }),
      store.makeDue(enterpriseId, webhook.id, now),
      ...changesOf(call, null, webhook),
    ]);
    return { data: { ...answerOf(webhook, now), secret }, version: webhook.version };
  };

export const update =
  ({ allowed }: Pick<WebhookSettings, "allowed">): Operation<typeof contract.updateWebhook> =>
  async (call, { params, body }) => {
    const { database, now } = call;
    const current = await existing(call, params.webhookId);
    const changed = { ...current, ...(await written(call, body, allowed)), ...stopping(current, body, now) };
    if (isDeepStrictEqual(changed, current))
      return { data: answerOf(current, now), version: current.version };
    const webhook = { ...changed, version: current.version + 1, updatedAt: now };
    await database.batch([
      store.update(database.enterpriseId, webhook),
      ...changesOf(call, current, webhook),
      ...(webhook.stopped === null ? [store.makeDue(database.enterpriseId, webhook.id, now)] : []),
    ]);
    return { data: answerOf(webhook, now), version: webhook.version };
  };

export const remove: Operation<typeof contract.deleteWebhook> = async (call, { params }) => {
  const webhook = await existing(call, params.webhookId);
  const { id } = webhook;
  await call.database.batch([
    ...store.remove(call.database.enterpriseId, id),
    ...changesOf(call, webhook, null),
  ]);
  return { data: { id } };
};

export const rotateSecret =
  ({ keys }: Pick<WebhookSettings, "keys">): Operation<typeof contract.rotateWebhookSecret> =>
  async (call, { params }) => {
    const { database, now } = call;
    const { enterpriseId } = database;
    const current = await existing(call, params.webhookId);
    const secret = newSecret();
    const webhook = {
      ...current,
      formerSecretUntil: new Date(now.getTime() + formerSecretHours * 3_600_000),
      version: current.version + 1,
      updatedAt: now,
    };
    const kept = sealed(keys, { enterpriseId, webhookId: current.id }, secret);
    await database.batch([
      store.rotateSecret(enterpriseId, webhook, kept),
      ...changesOf(call, current, webhook),
    ]);
    return { data: { ...answerOf(webhook, now), secret }, version: webhook.version };
  };

/** For the journal. Of the secret it only tells until when the former one signs. */
function changesOf(call: Call, before: store.Webhook | null, after: store.Webhook | null): Sql[] {
  const difference = differenceOf(store.attributes, before, after);
  if (difference === null) return [];
  const subject = { subjectId: (after ?? before)!.id, version: after?.version ?? before!.version + 1 };
  return [append(call, "webhook", "request", [{ ...subject, ...difference }])];
}

async function existing(call: Call, id: string): Promise<store.Webhook> {
  const webhook = await store.lock(call.database, id);
  if (!webhook) throw new Problem("WEBHOOK_NOT_FOUND");
  if (call.expectedVersion !== undefined && call.expectedVersion !== webhook.version)
    throw new Problem("VERSION_MISMATCH");
  return webhook;
}

type Written = Partial<RequestOf<typeof contract.updateWebhook>["body"]>;

/** What the body says the webhook is to be. Refuses with every fault. */
async function written(
  { database }: Call,
  { url, kinds, company_ids, description }: Written,
  allowed: Allowed,
): Promise<Partial<store.Webhook>> {
  const faults: Fault[] = [];
  const refusal = url === undefined ? null : refusalOf(url, allowed);
  if (refusal !== null) faults.push(bodyFault("url", "REQUEST_INVALID", refusal));
  const companyIds = company_ids && [...new Set(company_ids)];
  if (companyIds) {
    const known = await store.knownCompanies(database, companyIds);
    for (const [index, id] of company_ids.entries()) {
      if (!known.has(id))
        faults.push(bodyFault(`company_ids.${index}`, "COMPANY_UNKNOWN", "there is no such company"));
    }
  }
  if (faults.length > 0) throw problemOf(faults);
  return {
    ...(url === undefined ? {} : { url }),
    ...(kinds === undefined ? {} : { kinds: [...new Set(kinds)] }),
    ...(companyIds === undefined ? {} : { companyIds }),
    ...(description === undefined ? {} : { description: normalized(description) }),
  };
}

/** Whoever starts it again, for whatever it was stopped, wants it to be given another chance. */
function stopping(
  { stopped }: store.Webhook,
  { is_paused }: Written,
  now: Date,
): Pick<store.Webhook, "stopped" | "stoppedAt"> | Record<never, never> {
  if (is_paused === true && stopped === null) return { stopped: "paused", stoppedAt: now };
  if (is_paused === false && stopped !== null) return { stopped: null, stoppedAt: null, failingSince: null };
  return {};
}
