import type { Static } from "@clientele/contract/formats";
import { timestampOf } from "@clientele/contract/formats";
import type * as contract from "@clientele/contract/webhooks";
import type { Attempt, Delivery } from "./delivery/store.ts";
import type { Webhook } from "./store.ts";

const timeOf = (time: Date | null): string | null => time && timestampOf(time);

export const answerOf = (it: Webhook, now: Date): Static<typeof contract.Webhook> => ({
  id: it.id,
  url: it.url,
  description: it.description,
  kinds: it.kinds as Static<typeof contract.Webhook>["kinds"],
  companyIds: it.companyIds,
  isPaused: it.stopped === "paused" || it.stopped === "failing",
  isDisabled: it.stopped === "gone",
  stopReason: it.stopped,
  stoppedAt: timeOf(it.stoppedAt),
  failingSince: timeOf(it.failingSince),
  formerSecretUntil:
    it.formerSecretUntil && it.formerSecretUntil > now ? timestampOf(it.formerSecretUntil) : null,
  createdAt: timestampOf(it.createdAt),
  updatedAt: timestampOf(it.updatedAt),
});

export const deliveryAnswer = (it: Delivery): Static<typeof contract.WebhookDelivery> => ({
  id: it.id,
  messageId: it.messageId,
  kind: it.kind,
  subjectId: it.subjectId,
  changeId: it.changeId,
  status: it.status,
  attemptCount: it.attemptCount,
  lastAttempt: it.lastAttempt && attemptAnswer({ ...it.lastAttempt, at: new Date(it.lastAttempt.at) }),
  nextAttemptAt: it.status === "pending" ? timestampOf(it.dueAt) : null,
  createdAt: timestampOf(it.createdAt),
  finishedAt: timeOf(it.finishedAt),
});

export const attemptAnswer = ({ at, ...rest }: Attempt): Static<typeof contract.WebhookAttempt> => ({
  at: timestampOf(at),
  ...rest,
});
