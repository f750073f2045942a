import { Anchor, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { PageHead } from "../shell/page-header.tsx";
import { webhookQuery } from "./queries.ts";
import { Loaded } from "./query-content.tsx";
import { DeliveryLog } from "./webhooks/delivery-log.tsx";
import { WebhookButtons } from "./webhooks/webhook-buttons.tsx";
import { WebhookFacts } from "./webhooks/webhook-details.tsx";
import { WebhookState } from "./webhooks/webhook-status.tsx";

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
      <PageHead title={webhook.data?.url ?? t("one")}>
        {webhook.data && <WebhookState webhook={webhook.data} />}
      </PageHead>
      <Loaded query={webhook}>
        {(it) => (
          <>
            <WebhookButtons webhook={it} />
            <WebhookFacts webhook={it} />
            <DeliveryLog webhookId={webhookId} />
          </>
        )}
      </Loaded>
    </Stack>
  );
}
