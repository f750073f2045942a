import { ClienteleError } from "@clientele/sdk";
import { Button, Code, Group, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { ErrorAlert } from "./error-alert.tsx";
import { useErrorText } from "./error-text.ts";

/** What went wrong, what can be done about it, and the number that finds it in the service's log. */
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useTranslations("errors");
  const text = useErrorText();
  const requestId = error instanceof ClienteleError ? error.requestId : null;
  return (
    <ErrorAlert title={t("title")}>
      <Text size="sm">{text(error)}</Text>
      <Group mt="xs" gap="sm">
        {onRetry && (
          <Button size="compact-sm" variant="default" onClick={onRetry}>
            {t("retry")}
          </Button>
        )}
        {requestId && (
          <Text size="xs" c="dimmed">
            {t("requestId")} <Code>{requestId}</Code>
          </Text>
        )}
      </Group>
    </ErrorAlert>
  );
}
