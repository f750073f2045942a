import { pageOf } from "@clientele/contract/envelopes";
import { type FieldError, Problem, problemOf } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import type * as contract from "@clientele/contract/webhooks";
import type { Call, Operation } from "../../call.ts";
import { sql } from "../../database/sql.ts";
import { parseTime } from "../../time/parse-time.ts";
import { required } from "../../validation/required.ts";
import { attemptAnswer, deliveryAnswer } from "../answer.ts";
import { hiddenKinds } from "../event-types.ts";
import * as store from "../store.ts";
import { testDelivery } from "./payload.ts";
import * as deliveries from "./store.ts";

export const list: Operation<typeof contract.listWebhookDeliveries> = async (
  { database },
  { params, query },
) => {
  const { page, limit, offset } = pageOf(query);
  if (!(await store.find(database, params.webhookId))) throw new Problem("WEBHOOK_NOT_FOUND");
  const listed = await deliveries.list(database, params.webhookId, {
    status: query.status,
    hidden: hiddenKinds(database),
    offset,
    limit,
  });
  return { data: listed.deliveries.map(deliveryAnswer), total: listed.total, page, limit };
};

export const fetch: Operation<typeof contract.fetchWebhookDelivery> = async ({ database }, { params }) => {
  const delivery = await deliveries.findInFull(database, params.webhookId, params.deliveryId);
  if (!delivery || hiddenKinds(database).includes(delivery.kind)) throw new Problem("DELIVERY_NOT_FOUND");
  const { body, attempts } = delivery;
  return { data: { ...deliveryAnswer(delivery), body, attempts: attempts.map(attemptAnswer) } };
};

export const test: Operation<typeof contract.testWebhook> = async (call, { params }) => {
  const { database, now } = call;
  const { webhookId } = params;
  const delivery = testDelivery(webhookId, call.newId(), now);
  const found = await database.maybeOne(
    deliveries.insertAfter(database, webhookId, [delivery], now, { set: sql``, where: sql`` }),
  );
  if (!found) throw new Problem("WEBHOOK_NOT_FOUND");
  return processNow(call, webhookId, delivery.id);
};

export const redeliver: Operation<typeof contract.redeliverWebhookDelivery> = async (call, { params }) => {
  const { webhookId, deliveryId } = params;
  const { rowCount } = await call.database.many(
    deliveries.redeliver(call.database, webhookId, deliveryId, hiddenKinds(call.database), call.now),
  );
  if (rowCount === 0) throw new Problem("DELIVERY_NOT_FOUND");
  return processNow(call, webhookId, deliveryId);
};

export const redeliverMany: Operation<typeof contract.redeliverWebhook> = async (call, { params, body }) => {
  const { database, now } = call;
  const { webhookId } = params;
  const fieldErrors: FieldError[] = [];
  const [from, to] = [timeOf(body, "from", fieldErrors), timeOf(body, "to", fieldErrors) ?? now];
  if (!(await store.lock(database, webhookId))) throw new Problem("WEBHOOK_NOT_FOUND");
  if (fieldErrors.length > 0) throw problemOf(fieldErrors);
  const [found] = await database.batch([
    deliveries.redeliverRange(
      database,
      webhookId,
      { from: required(from, "from"), to, status: body.status, hidden: hiddenKinds(database) },
      now,
    ),
    store.makeDue(database.enterpriseId, webhookId, now),
  ]);
  return { data: { redelivered: found.rowCount } };
};

function timeOf(
  body: { from: string; to?: string },
  name: "from" | "to",
  fieldErrors: FieldError[],
): Date | null {
  const text = body[name];
  const time = text === undefined ? null : parseTime(text);
  if (text !== undefined && time === null)
    fieldErrors.push({
      in: "body",
      path: name,
      code: "REQUEST_INVALID",
      ...reason("DATE_OR_TIME_UNKNOWN"),
    });
  return time;
}

/** Makes the endpoint due and returns the delivery. */
async function processNow({ database, now }: Call, webhookId: string, id: string) {
  await database.batch([store.makeDue(database.enterpriseId, webhookId, now)]);
  const delivery = await deliveries.find(database, webhookId, id);
  return { data: deliveryAnswer(required(delivery, "delivery")) };
}
