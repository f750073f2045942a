import type { ImportJob } from "@clientele/sdk";
import { Group, Stack, Text, Title } from "@mantine/core";
import { useTranslations } from "use-intl";
import { client } from "../../session/client.ts";
import { useMay } from "../../session/me.ts";
import { LinkButton } from "../../shell/link-button.tsx";
import { DownloadButton } from "../download-button.tsx";
import { CheckAgain } from "./check-again.tsx";
import { Counts } from "./counts.tsx";
import { ProblemNotice } from "./problem-notice.tsx";
import { RowTabs } from "./row-tabs.tsx";
import { UndoButton } from "./undo-button.tsx";

/** Result of an import that has ended. */
export function ResultView({ job }: { job: ImportJob }) {
  const t = useTranslations("imports.result");
  const mayWrite = useMay("WRITE");
  const written = job.dryRun ? 0 : job.created + job.updated + job.deleted;
  const mayUndo = mayWrite && job.kind !== "undo" && written > 0 && job.undoneBy === null;
  const canRetry = job.phase !== "completed" && job.kind === "import" && mayWrite;
  return (
    <Stack>
      <ProblemNotice job={job} />
      {job.phase === "completed" && <Text role="status">{t(messageOf(job), { count: written })}</Text>}
      {job.rowsRead > 0 && <Counts job={job} />}
      <Group>
        {written > 0 && job.startedAt !== null && job.change?.delete !== true && (
          <LinkButton
            to="/customers"
            search={{
              updated_since: job.startedAt,
              ...(job.finishedAt !== null && { updated_before: after(job.finishedAt) }),
            }}
          >
            {t("toCustomers")}
          </LinkButton>
        )}
        {job.failed > 0 && (
          <DownloadButton
            label={t("errorFile")}
            fileName="errors.csv"
            fetch={() => client.fetchImportErrors({ importId: job.id })}
          />
        )}
        {mayUndo && <UndoButton job={job} />}
      </Group>
      {job.rowsRead > 0 && (
        <RowTabs job={job} rowsLabel={t("rows")} initial={job.failed > 0 ? "errors" : "rows"} />
      )}
      {canRetry && (
        <>
          <Title order={2}>{t("again")}</Title>
          <CheckAgain job={job} />
        </>
      )}
    </Stack>
  );
}

const messageOf = ({ kind, change }: ImportJob) =>
  kind === "undo" ? "undone" : change?.delete ? "deleted" : kind === "bulk" ? "updated" : "imported";

/** One second later: times have a precision of one second, and `updated_before` is exclusive. */
const after = (time: string): string => new Date(Date.parse(time) + 1_000).toISOString().replace(/\.\d+/, "");
