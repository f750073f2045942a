import type { ImportJob } from "@clientele/sdk";
import { Alert, Button, Group, Paper, Progress, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "use-intl";
import { ErrorNotice } from "../../errors/error-notice.tsx";
import { client } from "../../session/client.ts";
import { useMay } from "../../session/me.ts";
import { importQuery } from "../queries.ts";

/** Progress, speed and remaining time of an import, with a cancel button. */
export function ImportProgress({ job, isUnreachable }: { job: ImportJob; isUnreachable: boolean }) {
  const t = useTranslations("imports.progress");
  const format = useFormatter();
  const queryClient = useQueryClient();
  const mayWrite = useMay("WRITE");
  const cancel = useMutation({
    mutationFn: () => client.cancelImport({ importId: job.id }),
    onSuccess: ({ data }) => queryClient.setQueryData(importQuery(job.id).queryKey, data),
  });
  const share = format.number(job.progress, { style: "percent" });
  const facts = [
    job.rowsTotal !== null && t("rows", { read: job.rowsRead, total: job.rowsTotal }),
    job.rowsPerSecond !== null && t("rate", { rate: Math.round(job.rowsPerSecond) }),
    job.secondsLeft !== null && timeLeft(job.secondsLeft),
  ].filter((fact) => fact !== false);
  return (
    <Paper withBorder p="md">
      <Stack>
        <Group justify="space-between">
          <Text fw={600} role="status">
            {cancel.isSuccess ? t("cancelling") : t(`phases.${job.phase as "reading"}`)}
          </Text>
          <Text aria-hidden>{share}</Text>
        </Group>
        <Progress size="lg" value={job.progress * 100} animated aria-label={t("progress")} />
        <Text size="sm" c="dimmed">
          {facts.join(" · ")}
        </Text>
        {isUnreachable && (
          <Alert color="yellow" role="status">
            {t("unreachable")}
          </Alert>
        )}
        <Text size="sm">{t("leaveHint")}</Text>
        {cancel.error && <ErrorNotice error={cancel.error} />}
        {mayWrite && (
          <Group>
            <Button
              variant="default"
              loading={cancel.isPending}
              disabled={cancel.isSuccess}
              onClick={() => cancel.mutate()}
            >
              {t("cancel")}
            </Button>
            <Text size="sm" c="dimmed">
              {t(job.dryRun ? "cancelPlan" : "cancelImport")}
            </Text>
          </Group>
        )}
      </Stack>
    </Paper>
  );

  function timeLeft(seconds: number): string {
    const minutes = seconds >= 90;
    const count = minutes ? Math.round(seconds / 60) : seconds;
    return t(minutes ? "minutesLeft" : "secondsLeft", { count });
  }
}
