import type { ImportJob } from "@clientele/sdk";
import { Group, Paper, Text } from "@mantine/core";
import { useFormatter, useTranslations } from "use-intl";

/** Number of rows by result. */
export function Counts({ job }: { job: ImportJob }) {
  const t = useTranslations("imports.counts");
  const format = useFormatter();
  const isUndo = job.kind === "undo";
  const outcomes = isUndo
    ? (["updated", "deleted", "failed"] as const)
    : job.change?.delete
      ? (["deleted", "failed"] as const)
      : job.kind === "bulk"
        ? (["updated", "unchanged", "failed"] as const)
        : (["created", "updated", "unchanged", "failed"] as const);
  const group = isUndo ? "undo" : job.dryRun ? "plan" : "done";
  return (
    <Group gap="sm" align="stretch" component="ul" p={0} m={0} aria-label={t("title")}>
      {outcomes.map((outcome) => (
        <Paper
          component="li"
          style={{ listStyle: "none" }}
          key={outcome}
          withBorder
          px="md"
          py="xs"
          miw={130}
          flex="1 1 130px"
        >
          <Text fz={26} fw={650} lh={1.2}>
            {format.number(job[outcome])}
          </Text>
          <Text size="sm" c="dimmed">
            {t(`${group}.${outcome}` as "done.created")}
          </Text>
        </Paper>
      ))}
    </Group>
  );
}
