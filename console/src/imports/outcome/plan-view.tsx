import type { ImportJob } from "@clientele/sdk";
import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "../../errors/error-notice.tsx";
import { client } from "../../session/client.ts";
import { useMay } from "../../session/me.ts";
import { TextLink } from "../../shell/text-link.tsx";
import { mappingOf, undecided } from "../columns/mapping.ts";
import { importsQuery } from "../queries.ts";
import { CheckAgain } from "./check-again.tsx";
import { Counts } from "./counts.tsx";
import { RowTabs } from "./row-tabs.tsx";

const route = getRouteApi("/signed-in/imports/$importId");

/** Preview of an import: nothing has been saved. */
export function PlanView({ job }: { job: ImportJob }) {
  const t = useTranslations("imports.plan");
  const mayWrite = useMay("WRITE");
  const open = undecided(job.columns, mappingOf(job)).length;
  const mayMap = mayWrite && job.kind === "import";
  return (
    <Stack>
      <Counts job={job} />
      {open > 0 && (
        <Alert color="yellow" variant="light" role="status">
          {t("unmapped", { count: open })}
        </Alert>
      )}
      {mayWrite && open === 0 && <Apply job={job} />}
      <RowTabs
        job={job}
        rowsLabel={t("rows")}
        initial={mayMap && open > 0 ? "columns" : "rows"}
        columns={mayMap && <CheckAgain job={job} />}
      />
    </Stack>
  );
}

/** Imports exactly what the preview shows, once. */
function Apply({ job }: { job: ImportJob }) {
  const t = useTranslations("imports.plan");
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { rowsOf } = route.useSearch();
  const { data: recent } = useQuery(importsQuery(1));
  const applied = recent?.data.find(
    (candidate) => candidate.planId === job.id && candidate.phase !== "failed",
  );
  const apply = useMutation({
    mutationFn: () => client.applyImport({ importId: job.id }),
    onSuccess: async ({ data }) => {
      await queryClient.invalidateQueries({ queryKey: ["imports"] });
      await navigate({
        to: "/imports/$importId",
        params: { importId: data.id },
        search: rowsOf === undefined ? {} : { rowsOf },
      });
    },
  });
  const count = job.created + job.updated + job.deleted;
  if (applied !== undefined && applied.undoneBy === null) {
    return (
      <Text>
        {t.rich("applied", {
          import: (label) => (
            <TextLink to="/imports/$importId" params={{ importId: applied.id }} underline="always">
              {label}
            </TextLink>
          ),
        })}
      </Text>
    );
  }
  if (count === 0) return <Text>{t("nothing")}</Text>;
  return (
    <Stack gap="xs">
      {apply.error && <ErrorNotice error={apply.error} />}
      <Group>
        <Button loading={apply.isPending} onClick={() => apply.mutate()}>
          {t("apply", { count })}
        </Button>
        <Text size="sm" c="dimmed">
          {job.failed > 0 ? t("failedSkipped", { count: job.failed }) : t("canBeUndone")}
        </Text>
      </Group>
    </Stack>
  );
}
