import type { Item } from "@clientele/sdk";
import { Drawer, Loader, Stack, Text, Timeline } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "use-intl";
import { ErrorNotice } from "../../errors/error-notice.tsx";
import { client } from "../../session/client.ts";
import { pageAfter } from "../../session/page-after.ts";
import { MoreButton } from "../../shell/more-button.tsx";
import type { Field } from "../definitions.ts";
import { useAttributeText } from "./attribute-text.ts";

type Change = Item<"listFieldHistory">;

const pageSize = 20;

/** Changes of a field, newest first. */
export function HistoryDrawer({ field, onClose }: { field: Field | null; onClose: () => void }) {
  const t = useTranslations("customFields.history");
  return (
    <Drawer
      opened={field !== null}
      onClose={onClose}
      position="right"
      size="md"
      title={field && t("title", { name: field.label })}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      {field && <History field={field} />}
    </Drawer>
  );
}

function History({ field }: { field: Field }) {
  const t = useTranslations("customFields.history");
  const format = useFormatter();
  const history = useInfiniteQuery({
    queryKey: ["field", field.id, "history"],
    queryFn: ({ signal, pageParam }) =>
      client.listFieldHistory({ fieldId: field.id, page: pageParam, limit: pageSize }, { signal }),
    initialPageParam: 1,
    getNextPageParam: pageAfter,
    staleTime: 0,
  });
  if (history.error) return <ErrorNotice error={history.error} onRetry={() => void history.refetch()} />;
  if (!history.data) return <Loader aria-label={t("loading")} />;
  const changes = history.data.pages.flatMap(({ data }) => data);
  if (changes.length === 0) return <Text c="dimmed">{t("empty")}</Text>;
  return (
    <Stack>
      <Timeline bulletSize={14} lineWidth={2}>
        {changes.map((change) => (
          <Timeline.Item
            key={change.id}
            title={t(`kinds.${change.kind}`, { who: change.personName || change.appName || t("service") })}
          >
            <Text size="xs" c="dimmed">
              <time dateTime={change.at}>
                {format.dateTime(new Date(change.at), { dateStyle: "medium", timeStyle: "short" })}
              </time>
            </Text>
            {change.kind === "updated" && <Changes {...{ field, change }} />}
          </Timeline.Item>
        ))}
      </Timeline>
      <MoreButton label={t("more")} query={history} />
    </Stack>
  );
}

function Changes({ field, change }: { field: Field; change: Change }) {
  const t = useTranslations("customFields.history");
  const text = useAttributeText(field);
  const nameOf = (attribute: string) => {
    // The history may have attributes that this console has no text for.
    const key = `attributes.${attribute}` as "attributes.label";
    return t.has(key) ? t(key) : attribute;
  };
  const visibleChanges = change.changes
    .map(({ attribute, ...values }) => ({
      attribute,
      before: text(attribute, values.before),
      after: text(attribute, values.after),
    }))
    .filter(({ before, after }) => before !== after);
  return visibleChanges.map(({ attribute, before, after }) => (
    <Text key={attribute} size="sm" mt={4}>
      {t.rich("change", {
        attribute: nameOf(attribute),
        before,
        after,
        b: (chunks) => <b>{chunks}</b>,
        del: (chunks) => (
          <Text span c="dimmed" td="line-through">
            {chunks}
          </Text>
        ),
      })}
    </Text>
  ));
}
