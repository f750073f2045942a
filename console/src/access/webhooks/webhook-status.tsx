import type { Item } from "@clientele/sdk";
import { Badge } from "@mantine/core";
import { useTranslations } from "use-intl";

type Webhook = Item<"listWebhooks">;

const colors = { active: "teal", retrying: "orange", paused: "gray", failing: "red", gone: "red" } as const;

function statusOf({ stopReason, failingSince }: Webhook): keyof typeof colors {
  if (stopReason !== null) return stopReason;
  return failingSince === null ? "active" : "retrying";
}

export function WebhookStatus({ webhook }: { webhook: Webhook }) {
  const t = useTranslations("access.webhooks.statuses");
  const status = statusOf(webhook);
  return (
    <Badge variant="light" color={colors[status]}>
      {t(status)}
    </Badge>
  );
}
