import { Anchor, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { PageHeader } from "../shell/page-header.tsx";
import { webhookQuery } from "./queries.ts";
import { QueryContent } from "./query-content.tsx";
import { DeliveryLog } from "./webhooks/delivery-log.tsx";
import { WebhookButtons } from "./webhooks/webhook-buttons.tsx";
import { WebhookDetails } from "./webhooks/webhook-details.tsx";
import { WebhookStatus } from "./webhooks/webhook-status.tsx";

const route = getRouteApi("/signed-in/access/webhooks/$webhookId");

export function WebhookPage() {
  const t = useTranslations("access.webhooks");
  const { webhookId } = route.useParams();
  const webhook = useQuery(webhookQuery(webhookId));
  return (
    <Stack>
      <Anchor component={Link} to="/access/webhooks" size="sm" w="fit-content">
        {t("back")}
      </Anchor>
      <PageHeader title={webhook.data?.url ?? t("webhook")}>
        {webhook.data && <WebhookStatus webhook={webhook.data} />}
      </PageHeader>
      <QueryContent query={webhook}>
        {(loaded) => (
          <>
            <WebhookButtons webhook={loaded} />
            <WebhookDetails webhook={loaded} />
            <DeliveryLog webhookId={webhookId} />
          </>
        )}
      </QueryContent>
    </Stack>
  );
}
