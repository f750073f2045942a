import { type ImportJob, isFinal } from "@clientele/sdk";
import { Container, Group, Loader, Pagination, Stack, Table, Text, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { ErrorNotice } from "../errors/error-notice.tsx";
import { useMay } from "../session/me.ts";
import { LinkButton } from "../shell/link-button.tsx";
import { PageTitle } from "../shell/page-title.tsx";
import { TextLink } from "../shell/text-link.tsx";
import { useImportName, useStartedBy } from "./import-name.ts";
import { UndoButton } from "./outcome/undo-button.tsx";
import { importsPageSize, importsQuery } from "./queries.ts";
import { StatusBadge } from "./status-badge.tsx";

/** Recent imports with status and undo. */
export function ImportsPage() {
  const t = useTranslations("imports");
  const mayWrite = useMay("WRITE");
  const [page, setPage] = useState(1);
  const { data, error, refetch } = useQuery(importsQuery(page));
  const pages = Math.ceil((data?.total ?? 0) / importsPageSize);
  return (
    <Container size="xl" px={0}>
      <PageTitle title={t("title")} />
      <Stack>
        <Group justify="space-between">
          <Title order={1}>{t("title")}</Title>
          {mayWrite && (
            <LinkButton to="/imports/new" leftSection={<IconPlus size={16} aria-hidden />}>
              {t("newImport")}
            </LinkButton>
          )}
        </Group>
        {error ? (
          <ErrorNotice error={error} onRetry={() => void refetch()} />
        ) : data === undefined ? (
          <Loader aria-label={t("loading")} />
        ) : data.data.length === 0 ? (
          <Text>{t("empty")}</Text>
        ) : (
          <ImportList jobs={data.data} />
        )}
        {pages > 1 && (
          <Pagination
            total={pages}
            value={page}
            onChange={setPage}
            getItemProps={(number) => ({ "aria-label": t("rows.toPage", { page: number }) })}
            getControlProps={(control) => ({ "aria-label": t(`rows.controls.${control}`) })}
          />
        )}
        <Text size="sm" c="dimmed">
          {t("retention")}
        </Text>
      </Stack>
    </Container>
  );
}

function ImportList({ jobs }: { jobs: readonly ImportJob[] }) {
  const t = useTranslations("imports.list");
  const format = useFormatter();
  const nameOf = useImportName();
  const byOf = useStartedBy();
  const mayWrite = useMay("WRITE");
  const headings = ["import", "status", "rows", "started", "undo"] as const;
  return (
    <Table.ScrollContainer minWidth={760} type="native">
      <Table aria-label={t("title")} highlightOnHover verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            {headings.map((heading) => (
              <Table.Th key={heading}>{t(heading)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {jobs.map((job) => {
            const written = job.created + job.updated + job.deleted;
            const mayUndo =
              mayWrite && job.kind !== "undo" && !job.dryRun && isFinal(job) && job.undoneBy === null;
            return (
              <Table.Tr key={job.id}>
                <Table.Th scope="row" fw={400} maw={320}>
                  <TextLink to="/imports/$importId" params={{ importId: job.id }}>
                    {nameOf(job)}
                  </TextLink>
                </Table.Th>
                <Table.Td>
                  <StatusBadge job={job} />
                </Table.Td>
                <Table.Td>
                  {isFinal(job)
                    ? countsOf(job, (outcome, count) => t(`counts.${outcome}`, { count }))
                    : format.number(job.progress, { style: "percent" })}
                </Table.Td>
                <Table.Td>
                  {format.dateTime(new Date(job.createdAt), { dateStyle: "medium", timeStyle: "short" })}
                  <Text size="sm" c="dimmed">
                    {byOf(job)}
                  </Text>
                </Table.Td>
                <Table.Td>{mayUndo && written > 0 && <UndoButton job={job} size="compact-sm" />}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const outcomes = ["created", "updated", "deleted", "unchanged", "failed"] as const;

const countsOf = (
  job: ImportJob,
  text: (outcome: (typeof outcomes)[number], count: number) => string,
): string =>
  outcomes
    .filter((outcome) => job[outcome] > 0)
    .map((outcome) => text(outcome, job[outcome]))
    .join(", ");
