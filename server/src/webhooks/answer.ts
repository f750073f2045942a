import { attemptErrorText } from "@clientele/contract/attempt-errors";
import type { Static } from "@clientele/contract/formats";
import { timestampOf } from "@clientele/contract/formats";
import type * as contract from "@clientele/contract/webhooks";
import type { Attempt, Delivery } from "./delivery/store.ts";
import type { Webhook } from "./store.ts";

const timeOf = (time: Date | null): string | null => time && timestampOf(time);

export const answerOf = (webhook: Webhook, now: Date): Static<typeof contract.Webhook> => ({
  id: webhook.id,
  url: webhook.url,
  description: webhook.description,
  kinds: webhook.kinds as Static<typeof contract.Webhook>["kinds"],
  companyIds: webhook.companyIds,
  isPaused: webhook.stopped === "paused" || webhook.stopped === "failing",
  isDisabled: webhook.stopped === "gone",
  stopReason: webhook.stopped,
  stoppedAt: timeOf(webhook.stoppedAt),
  failingSince: timeOf(webhook.failingSince),
  formerSecretUntil:
    webhook.formerSecretUntil && webhook.formerSecretUntil > now
      ? timestampOf(webhook.formerSecretUntil)
      : null,
  createdAt: timestampOf(webhook.createdAt),
  updatedAt: timestampOf(webhook.updatedAt),
});

export const deliveryAnswer = (delivery: Delivery): Static<typeof contract.WebhookDelivery> => ({
  id: delivery.id,
  messageId: delivery.messageId,
  kind: delivery.kind,
  subjectId: delivery.subjectId,
  changeId: delivery.changeId,
  status: delivery.status,
  attemptCount: delivery.attemptCount,
  lastAttempt:
    delivery.lastAttempt && attemptAnswer({ ...delivery.lastAttempt, at: new Date(delivery.lastAttempt.at) }),
  nextAttemptAt: delivery.status === "pending" ? timestampOf(delivery.dueAt) : null,
  createdAt: timestampOf(delivery.createdAt),
  finishedAt: timeOf(delivery.finishedAt),
});

export const attemptAnswer = ({
  at,
  error,
  key,
  params,
  ...rest
}: Attempt): Static<typeof contract.WebhookAttempt> => ({
  at: timestampOf(at),
  ...rest,
  error: key === null ? error : attemptErrorText({ key, params: params ?? {} }),
  key,
  params,
});
