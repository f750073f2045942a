import { Badge, Button, Group, Select, Skeleton, Stack, Text, Timeline as Track } from "@mantine/core";
import { IconCalendarEvent, IconPencil } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { companiesQuery } from "../../../companies/queries.ts";
import { ErrorNotice } from "../../../errors/error-notice.tsx";
import { useMay } from "../../../session/me.ts";
import { MoreButton } from "../../../shell/more-button.tsx";
import { type TimelineEntry, type TimelineFilter, timelineQuery } from "../customer-query.ts";
import { useAttributeName } from "../history/change-table.tsx";
import { useActor } from "../use-actor.ts";
import { AddEventDialog } from "./add-event-dialog.tsx";

type Change = Extract<TimelineEntry, { kind: "change" }>["change"];
type Event = Exclude<TimelineEntry, { kind: "change" }>;

/** Events and record changes, newest first. */
export function Timeline({ customerId }: { customerId: string }) {
  const t = useTranslations("customers.one.timeline");
  const mayWrite = useMay("WRITE");
  const [filter, setFilter] = useState<TimelineFilter>({ show: "everything", companyId: null });
  const [isAdding, setAdding] = useState(false);
  const timeline = useInfiniteQuery(timelineQuery(customerId, filter));
  const { data: companies = [] } = useQuery(companiesQuery);
  const entries = timeline.data?.pages.flatMap(({ data }) => data) ?? [];
  const types = useKnownTypes(entries);
  return (
    <Stack>
      <Group align="flex-end" gap="sm">
        <Select
          label={t("show")}
          data={[
            { value: "everything", label: t("everything") },
            { value: "events", label: t("events") },
            ...types.map((type) => ({ value: type, label: type === "booking" ? t("booking") : type })),
          ]}
          value={filter.show}
          onChange={(show) => setFilter({ ...filter, show: show ?? "everything" })}
          allowDeselect={false}
          flex="1 1 9rem"
        />
        {companies.length > 0 && (
          <Select
            label={t("company")}
            placeholder={t("allCompanies")}
            data={companies.map(({ id, name }) => ({ value: id, label: name }))}
            value={filter.companyId}
            onChange={(companyId) => setFilter({ ...filter, companyId })}
            searchable
            clearable
            clearButtonProps={{ "aria-label": t("allCompanies") }}
            flex="1 1 9rem"
          />
        )}
        {mayWrite && (
          <Button variant="default" onClick={() => setAdding(true)}>
            {t("add")}
          </Button>
        )}
      </Group>
      {timeline.error && <ErrorNotice error={timeline.error} onRetry={() => void timeline.refetch()} />}
      {timeline.isPending && <Skeleton h={200} role="status" aria-label={t("loading")} />}
      {timeline.data && entries.length === 0 && <Text c="dimmed">{t("none")}</Text>}
      <Track bulletSize={26} lineWidth={2}>
        {entries.map((entry) =>
          entry.kind === "change" ? (
            <Track.Item key={entry.change.id} bullet={<IconPencil size={14} aria-hidden />} color="gray">
              <ChangeEntry change={entry.change} />
            </Track.Item>
          ) : (
            <Track.Item key={entry.id} bullet={<IconCalendarEvent size={14} aria-hidden />}>
              <EventEntry event={entry} />
            </Track.Item>
          ),
        )}
      </Track>
      <MoreButton label={t("more")} query={timeline} />
      {isAdding && <AddEventDialog customerId={customerId} types={types} onClose={() => setAdding(false)} />}
    </Stack>
  );
}

/** Event types seen so far: an active filter must not shorten the list of filters. */
function useKnownTypes(entries: readonly TimelineEntry[]): string[] {
  const [knownTypes, setKnownTypes] = useState<readonly string[]>(["booking"]);
  const loadedTypes = entries.flatMap((entry) => (entry.kind === "change" ? [] : [entry.type]));
  const types = [...new Set([...knownTypes, ...loadedTypes])];
  if (types.length > knownTypes.length) setKnownTypes(types);
  return types;
}

function EventEntry({ event }: { event: Event }) {
  const t = useTranslations("customers.one.timeline");
  const format = useFormatter();
  const { type, title, startDate, endDate, duration, companyName, status, notes } = event;
  const start = new Date(startDate);
  const kind = type === "booking" ? t("booking") : type;
  const end = format.dateTime(new Date(endDate), { timeStyle: "short" });
  return (
    <>
      <Group gap="xs">
        <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
          {title || kind}
        </Text>
        {title !== "" && (
          <Badge variant="default" tt="none" fw={500}>
            {kind}
          </Badge>
        )}
        {status !== "" && (
          <Badge variant="default" tt="none" fw={500}>
            {status}
          </Badge>
        )}
      </Group>
      <Text size="sm" c="dimmed">
        <time dateTime={startDate}>{format.dateTime(start, { dateStyle: "full", timeStyle: "short" })}</time>
        {duration > 0 && ` – ${end} (${t("minutes", { count: duration })})`}
        {companyName !== "" && ` · ${companyName}`}
      </Text>
      {notes !== "" && (
        <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {notes}
        </Text>
      )}
    </>
  );
}

function ChangeEntry({ change }: { change: Change }) {
  const t = useTranslations("customers.one.history");
  const format = useFormatter();
  const actor = useActor();
  const nameOf = useAttributeName();
  return (
    <>
      <Text size="sm">
        <b>{actor(change)}</b> {t(`kinds.${change.kind}`)}
        {change.kind === "updated" && `: ${format.list(change.changes.map(nameOf))}`}
      </Text>
      <Text size="sm" c="dimmed">
        <time dateTime={change.at}>
          {format.dateTime(new Date(change.at), { dateStyle: "full", timeStyle: "short" })}
        </time>
      </Text>
    </>
  );
}
