import type { Item } from "@clientele/sdk";
import { Badge } from "@mantine/core";
import { useTranslations } from "use-intl";

type Webhook = Item<"listWebhooks">;

const colors = { live: "teal", troubled: "orange", paused: "gray", failing: "red", gone: "red" } as const;

function stateOf({ stopReason, failingSince }: Webhook): keyof typeof colors {
  if (stopReason !== null) return stopReason;
  return failingSince === null ? "live" : "troubled";
}

/** Whether a webhook is told of changes, and if not, why. */
export function WebhookState({ webhook }: { webhook: Webhook }) {
  const t = useTranslations("access.webhooks.states");
  const state = stateOf(webhook);
  return (
    <Badge variant="light" color={colors[state]}>
      {t(state)}
    </Badge>
  );
}
