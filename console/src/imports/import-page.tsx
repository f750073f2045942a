import { isFinal } from "@clientele/sdk";
import { Container, Loader } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "../errors/error-notice.tsx";
import { PageTitle } from "../shell/page-title.tsx";
import { ImportHeader } from "./import-header.tsx";
import { ImportProgress } from "./outcome/import-progress.tsx";
import { PlanView } from "./outcome/plan-view.tsx";
import { ResultView } from "./outcome/result-view.tsx";
import { useFollowedImport } from "./queries.ts";

const route = getRouteApi("/signed-in/imports/$importId");

/** One import: its progress, preview or result. */
export function ImportPage() {
  const { importId } = route.useParams();
  return <ImportContent key={importId} importId={importId} />;
}

function ImportContent({ importId }: { importId: string }) {
  const t = useTranslations("imports");
  const { data: job, error, refetch, isUnreachable } = useFollowedImport(importId);
  if (job === undefined) {
    return (
      <Container size="xl" px={0}>
        <PageTitle title={t("title")} />
        {error ? (
          <ErrorNotice error={error} onRetry={() => void refetch()} />
        ) : (
          <Loader aria-label={t("loading")} />
        )}
      </Container>
    );
  }
  const isPlan = job.dryRun && job.phase === "completed";
  return (
    <Container size="xl" px={0}>
      <ImportHeader job={job} />
      {!isFinal(job) ? (
        <ImportProgress job={job} isUnreachable={isUnreachable} />
      ) : isPlan ? (
        <PlanView job={job} />
      ) : (
        <ResultView job={job} />
      )}
    </Container>
  );
}
