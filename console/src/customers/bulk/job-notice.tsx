import { ClienteleError, type ImportJob, isFinal } from "@clientele/sdk";
import { Anchor, Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { useErrorText } from "../../errors/error-text.ts";
import { client } from "../../session/client.ts";

/** Progress and result of a bulk change, with an undo button. */
export function JobNotice({ importId }: { importId: string }) {
  const t = useTranslations("customers.table.job");
  const errorText = useErrorText();
  const [followedId, setFollowedId] = useState(importId);
  const { job, error } = useJob(followedId);
  const undo = useMutation({
    mutationFn: async () => (await client.undoImport({ importId })).data.id,
    onSuccess: setFollowedId,
  });
  const failure = error ?? undo.error;
  if (failure) return <Text size="sm">{errorText(failure)}</Text>;
  const isDone = job !== null && isFinal(job);
  return (
    <Stack gap="xs">
      <Text size="sm" role="status">
        {isDone ? <Outcome job={job} /> : t(job?.kind === "undo" ? "undoing" : "running")}
      </Text>
      {job !== null && !isDone && (
        <>
          <Progress value={100 * progressOf(job)} aria-label={t("progress")} />
          <Text size="xs" c="dimmed">
            {t("rows", { done: job.rowsRead, total: job.rowsTotal ?? job.rowsRead })}
          </Text>
        </>
      )}
      <Group gap="sm">
        {isDone && job.kind === "bulk" && changedCount(job) > 0 && (
          <Button size="compact-sm" variant="default" loading={undo.isPending} onClick={() => undo.mutate()}>
            {t("undo")}
          </Button>
        )}
        {isDone && job.failed > 0 && (
          // Notifications render outside the router, so this link reloads the page.
          <Anchor size="sm" href={`/imports/${job.id}`}>
            {t("viewErrors")}
          </Anchor>
        )}
      </Group>
    </Stack>
  );
}

const changedCount = ({ updated, deleted }: ImportJob): number => updated + deleted;

// Phases before applying finish too fast to show progress.
const progressOf = ({ phase, progress }: ImportJob): number =>
  phase === "applying" || phase === "undoing" ? progress : 0;

function Outcome({ job }: { job: ImportJob }) {
  const t = useTranslations("customers.table.job");
  const errorText = useErrorText();
  const { kind, phase, failed, created, updated, deleted, problem } = job;
  if (phase === "failed")
    return problem
      ? errorText(new ClienteleError(problem.message, { code: problem.code as ClienteleError["code"] }))
      : t("failed");
  const done =
    kind === "undo"
      ? t("undone", { count: created + updated })
      : t(deleted > 0 ? "deleted" : "updated", { count: updated + deleted });
  return failed === 0 ? done : `${done} ${t("withErrors", { count: failed })}`;
}

/** Follows the import job, and invalidates customers when it ends. */
function useJob(importId: string) {
  const queryClient = useQueryClient();
  const [state, setState] = useState<{ job: ImportJob | null; error: unknown }>({ job: null, error: null });
  useEffect(() => {
    const abort = new AbortController();
    const follow = async () => {
      for await (const job of client.follow(importId, { signal: abort.signal })) {
        setState({ job, error: null });
        if (!isFinal(job)) continue;
        for (const queryKey of [["customers"], ["customer"], ["imports"], ["insight"]])
          void queryClient.invalidateQueries({ queryKey });
      }
    };
    follow().catch((error: unknown) => {
      if (!abort.signal.aborted) setState((before) => ({ ...before, error }));
    });
    return () => abort.abort();
  }, [importId, queryClient]);
  return state;
}
