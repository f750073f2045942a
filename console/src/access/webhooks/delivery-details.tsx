import { Button, Code, Group, Stack, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "use-intl";
import { ErrorNotice } from "../../errors/error-notice.tsx";
import { client } from "../../session/client.ts";
import { QueryContent } from "../query-content.tsx";
import { Row, Rows } from "../rows.tsx";
import { useAttemptErrorText } from "./attempt-error.ts";
import { deliveryQuery } from "./delivery-queries.ts";
import { DeliveryStatus } from "./delivery-status.tsx";

/** One delivery with its request body and the response to each attempt. */
export function DeliveryDetails({ webhookId, deliveryId }: { webhookId: string; deliveryId: string }) {
  const t = useTranslations("access.deliveries");
  const format = useFormatter();
  const attemptErrorText = useAttemptErrorText();
  const queryClient = useQueryClient();
  const delivery = useQuery(deliveryQuery(webhookId, deliveryId));
  const redelivery = useMutation({
    mutationFn: () => client.redeliverWebhookDelivery({ webhookId, deliveryId }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["webhooks", webhookId] });
      notifications.show({ message: t("redeliveryQueued") });
    },
  });
  const block = { block: true, tabIndex: 0, mah: 320 } as const;
  return (
    <QueryContent query={delivery}>
      {({ status, messageId, body, attempts }) => (
        <Stack gap="sm">
          <Group gap="xs" justify="space-between">
            <Group gap="xs" role="status">
              <DeliveryStatus status={status} />
              <Text size="sm">{t("attemptCount", { count: attempts.length })}</Text>
            </Group>
            <Button size="compact-sm" loading={redelivery.isPending} onClick={() => redelivery.mutate()}>
              {t("redeliver")}
            </Button>
          </Group>
          {redelivery.error && <ErrorNotice error={redelivery.error} />}
          <Title order={3} size="h5">
            {t("request")}
          </Title>
          <Text size="sm" c="dimmed">
            {t("messageId")} <Code>{messageId}</Code>
          </Text>
          <Code {...block} aria-label={t("request")}>
            {indentedJson(body)}
          </Code>
          <Title order={3} size="h5">
            {t("attempts")}
          </Title>
          {attempts.length === 0 && <Text size="sm">{t("noAttempts")}</Text>}
          <Rows label={t("attempts")}>
            {attempts.toReversed().map(({ at, durationMs, status: answered, answer, ...unanswered }) => (
              <Row key={at}>
                <Text size="sm" fw={600}>
                  {answered === null
                    ? attemptErrorText(unanswered)
                    : t("responseStatus", { status: String(answered) })}
                </Text>
                <Text size="sm" c="dimmed">
                  {format.dateTime(new Date(at), { dateStyle: "medium", timeStyle: "medium" })},{" "}
                  {t("duration", { ms: durationMs })}
                </Text>
                {answer !== "" && (
                  <Code {...block} aria-label={t("attempts")}>
                    {answer}
                  </Code>
                )}
              </Row>
            ))}
          </Rows>
        </Stack>
      )}
    </QueryContent>
  );
}

/** Indented JSON for display; the signed body itself has no white space. */
function indentedJson(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
