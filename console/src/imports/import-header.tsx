import type { ImportJob } from "@clientele/sdk";
import { Alert, Anchor, Group, Stack, Text, Title } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useFormatter, useTranslations } from "use-intl";
import { PageTitle } from "../shell/page-title.tsx";
import { TextLink } from "../shell/text-link.tsx";
import { useImportName, useStartedBy } from "./import-name.ts";
import { StatusBadge } from "./status-badge.tsx";

const route = getRouteApi("/signed-in/imports/$importId");

/** Name, status and origin of an import, with links to related imports. */
export function ImportHeader({ job }: { job: ImportJob }) {
  const t = useTranslations("imports");
  const format = useFormatter();
  const name = useImportName()(job);
  const byOf = useStartedBy();
  const { rowsOf } = route.useSearch();
  const to = (importId: string, label: string) => (
    <TextLink to="/imports/$importId" params={{ importId }} size="sm" underline="always">
      {label}
    </TextLink>
  );
  return (
    <Stack gap={4} mb="md">
      <PageTitle title={name} />
      <Anchor component={Link} to="/imports" size="sm">
        {t("back")}
      </Anchor>
      <Group gap="sm">
        <Title order={1} style={{ overflowWrap: "anywhere" }}>
          {name}
        </Title>
        <StatusBadge job={job} />
      </Group>
      <Text c="dimmed" size="sm">
        {t("started", {
          by: byOf(job),
          at: format.dateTime(new Date(job.createdAt), { dateStyle: "medium", timeStyle: "short" }),
        })}
      </Text>
      <Group gap="md">
        {job.planId !== null && to(job.planId, t("toPlan"))}
        {job.undoes !== null && to(job.undoes, t("toUndone"))}
        {job.undoneBy !== null && to(job.undoneBy, t("toUndo"))}
      </Group>
      {rowsOf !== undefined && rowsOf !== job.id && (
        <Alert variant="light" mt="xs">
          {t.rich("fixedRows", { import: (label) => to(rowsOf, String(label)) })}
        </Alert>
      )}
    </Stack>
  );
}
