import { EmptyState, Group, Stack, Text } from "@mantine/core";
import { IconWebhook } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { DialogButton } from "../shell/dialog-button.tsx";
import { PageHeader } from "../shell/page-header.tsx";
import { TextLink } from "../shell/text-link.tsx";
import { webhooksQuery } from "./queries.ts";
import { QueryContent } from "./query-content.tsx";
import { Row, Rows } from "./rows.tsx";
import { WebhookForm } from "./webhooks/webhook-form.tsx";
import { WebhookStatus } from "./webhooks/webhook-status.tsx";

export function WebhooksPage() {
  const t = useTranslations("access.webhooks");
  const webhooks = useQuery(webhooksQuery);
  return (
    <Stack>
      <PageHeader title={t("title")} text={t("description")}>
        <DialogButton label={t("new")} title={t("new")} dialogSize="lg">
          {(close) => <WebhookForm close={close} />}
        </DialogButton>
      </PageHeader>
      <QueryContent query={webhooks}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState
              icon={<IconWebhook aria-hidden />}
              title={t("emptyTitle")}
              description={t("emptyText")}
            />
          ) : (
            <Rows label={t("title")}>
              {all.map((webhook) => (
                <Row key={webhook.id}>
                  <Group gap="xs">
                    <TextLink to="/access/webhooks/$webhookId" params={{ webhookId: webhook.id }} fw={600}>
                      {webhook.url}
                    </TextLink>
                    <WebhookStatus webhook={webhook} />
                  </Group>
                  <Text size="sm" c="dimmed">
                    {webhook.description}
                  </Text>
                </Row>
              ))}
            </Rows>
          )
        }
      </QueryContent>
    </Stack>
  );
}
