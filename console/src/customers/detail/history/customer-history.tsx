import { Button, Group, Skeleton, Stack, Text, Timeline } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { companiesQuery } from "../../../companies/queries.ts";
import { ErrorNotice } from "../../../errors/error-notice.tsx";
import { useMay } from "../../../session/me.ts";
import { MoreButton } from "../../../shell/more-button.tsx";
import { TextLink } from "../../../shell/text-link.tsx";
import { type HistoryEntry, historyQuery } from "../customer-query.ts";
import { useActor } from "../use-actor.ts";
import { ChangeTable } from "./change-table.tsx";
import { PastVersion, type VersionRef } from "./past-version.tsx";
import { RestoreDialog } from "./restore-dialog.tsx";

/** `etag` is null for a deleted customer. */
type Props = { customerId: string; etag: string | null };

/** Versions of a customer, with buttons to view and restore them. */
export function CustomerHistory({ customerId, etag }: Props) {
  const t = useTranslations("customers.one");
  const mayWrite = useMay("WRITE");
  const history = useInfiniteQuery(historyQuery(customerId));
  const [past, setPast] = useState<{ versionRef: VersionRef | null } | null>(null);
  const [version, setVersion] = useState<number | null>(null);
  if (history.error) return <ErrorNotice error={history.error} onRetry={() => void history.refetch()} />;
  if (!history.data) return <Skeleton h={200} role="status" aria-label={t("loading")} />;
  const entries = history.data.pages.flatMap(({ data }) => data);
  return (
    <Stack>
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {t("history.count", { count: history.data.pages[0]?.total ?? 0 })}
        </Text>
        <Button variant="default" size="compact-md" onClick={() => setPast({ versionRef: null })}>
          {t("history.asOf")}
        </Button>
      </Group>
      {entries.length === 0 && <Text c="dimmed">{t("history.none")}</Text>}
      <Timeline bulletSize={14} lineWidth={2}>
        {entries.map((entry, index) => (
          <Timeline.Item key={entry.id} title={<Heading entry={entry} />}>
            <Origin entry={entry} />
            {entry.changes.length > 0 && (
              <ChangeTable
                changes={entry.changes}
                kind={entry.kind}
                label={t("history.changesOf", { version: entry.version })}
              />
            )}
            {entry.kind !== "deleted" && (index > 0 || etag === null) && (
              <Group gap="xs" mt={6}>
                <Button size="compact-sm" variant="default" onClick={() => setPast({ versionRef: entry })}>
                  {t("history.show", { version: entry.version })}
                </Button>
                {mayWrite && (
                  <Button size="compact-sm" variant="default" onClick={() => setVersion(entry.version)}>
                    {t("history.restore", { version: entry.version })}
                  </Button>
                )}
              </Group>
            )}
          </Timeline.Item>
        ))}
      </Timeline>
      <MoreButton label={t("more")} query={history} />
      {past && (
        <PastVersion
          customerId={customerId}
          versionRef={past.versionRef}
          onClose={() => setPast(null)}
          {...(mayWrite
            ? {
                onRestore: (shown: number) => {
                  setPast(null);
                  setVersion(shown);
                },
              }
            : {})}
        />
      )}
      {version !== null && (
        <RestoreDialog {...{ customerId, etag, version }} onClose={() => setVersion(null)} />
      )}
    </Stack>
  );
}

function Heading({ entry }: { entry: HistoryEntry }) {
  const t = useTranslations("customers.one.history");
  const format = useFormatter();
  const actor = useActor();
  return (
    <Text size="sm">
      <b>{actor(entry)}</b> {t(`kinds.${entry.kind}`)} ·{" "}
      <time dateTime={entry.at}>
        {format.dateTime(new Date(entry.at), { dateStyle: "medium", timeStyle: "short" })}
      </time>
    </Text>
  );
}

/** The origin of a change: branch, import row or restored version. */
function Origin({ entry }: { entry: HistoryEntry }) {
  const t = useTranslations("customers.one.history");
  const { data: companies } = useQuery(companiesQuery);
  const { reason, companyId, importId, importLine } = entry;
  const company = companies?.find(({ id }) => id === companyId)?.name ?? t("otherCompany");
  const reasonKey = `reasons.${reason}` as "reasons.import";
  return (
    <Group gap="xs">
      {reason !== "request" && (
        <Text size="xs" c="dimmed">
          {t.has(reasonKey) ? t(reasonKey) : reason}
        </Text>
      )}
      {companyId !== null && (
        <Text size="xs" c="dimmed">
          {t("company", { company })}
        </Text>
      )}
      {importId !== null && (
        <TextLink size="xs" to="/imports/$importId" params={{ importId }}>
          {importLine === null ? t("import") : t("importLine", { line: importLine + 1 })}
        </TextLink>
      )}
    </Group>
  );
}
