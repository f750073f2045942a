import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useFormatter, useTranslations } from "use-intl";
import { ErrorNotice } from "../../errors/error-notice.tsx";
import type { usePlan } from "./use-plan.ts";

/** Upload progress or error. */
export function UploadNotice({ plan }: { plan: ReturnType<typeof usePlan> }) {
  const t = useTranslations("imports.upload");
  const format = useFormatter();
  if (plan.error !== null) return <ErrorNotice error={plan.error} />;
  if (!plan.isSending) return null;
  const share = format.number(plan.share, { style: "percent" });
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text size="sm" role="status">
          {t("uploading")}
        </Text>
        <Text size="sm" aria-hidden>
          {share}
        </Text>
      </Group>
      <Progress value={plan.share * 100} aria-label={t("uploading")} />
      <Group>
        <Button variant="default" size="compact-md" onClick={plan.stop}>
          {t("cancel")}
        </Button>
      </Group>
    </Stack>
  );
}
