// biome-ignore-all lint/a11y/useSemanticElements: rows of a virtualized grid are positioned absolutely, which tr and td cannot be.
// biome-ignore-all lint/a11y/useFocusableInteractive: the table only scrolls; its rows are not interactive.
import type { ImportJob } from "@clientele/sdk";
import { Group, Loader, Pagination, SegmentedControl, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { ErrorNotice } from "../../errors/error-notice.tsx";
import { importRowsQuery, type Outcome, rowsPageSize } from "../queries.ts";
import { RowCells } from "./row-cells.tsx";
import classes from "./rows-table.module.css";

const outcomes = ["created", "updated", "unchanged", "deleted", "failed"] as const;

/** All rows of an import with their results, paginated and filterable. */
export function RowsTable({ job }: { job: ImportJob }) {
  const t = useTranslations("imports.rows");
  const format = useFormatter();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [page, setPage] = useState(1);
  const { data, error, refetch, isPlaceholderData } = useQuery(importRowsQuery(job.id, page, outcome));
  const scroll = useRef<HTMLDivElement>(null);
  const rows = data?.data ?? [];
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => 36,
    overscan: 10,
  });
  const presentOutcomes = outcomes.filter((candidate) => job[candidate] > 0);
  const choose = (chosen: string) => {
    setOutcome(chosen === "all" ? null : (chosen as Outcome));
    setPage(1);
    scroll.current?.scrollTo({ top: 0 });
  };
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loader aria-label={t("loading")} />;
  const total = data.total ?? 0;
  const pages = Math.ceil(total / rowsPageSize);
  return (
    <Stack>
      {presentOutcomes.length > 1 && (
        <SegmentedControl
          aria-label={t("filter")}
          value={outcome ?? "all"}
          onChange={choose}
          fullWidth
          data={[
            { value: "all", label: t("all") },
            ...presentOutcomes.map((presentOutcome) => ({
              value: presentOutcome,
              label: `${t(`outcomes.${presentOutcome}`)} (${format.number(job[presentOutcome])})`,
            })),
          ]}
          styles={{ root: { flexWrap: "wrap" } }}
        />
      )}
      {rows.length === 0 ? (
        <Text>{t("none")}</Text>
      ) : (
        <div
          ref={scroll}
          className={classes.scroll}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be scrollable by keyboard.
          tabIndex={0}
          role="table"
          aria-label={t("title")}
          aria-rowcount={rows.length + 1}
          aria-busy={isPlaceholderData}
        >
          <div role="rowgroup">
            <div role="row" aria-rowindex={1} className={`${classes.row} ${classes.head}`}>
              <div role="columnheader">{t(job.kind === "import" ? "line" : "number")}</div>
              <div role="columnheader">{t("outcome")}</div>
              <div role="columnheader">{t(job.dryRun ? "wouldChange" : "changes")}</div>
            </div>
          </div>
          <div role="rowgroup" className={classes.body} style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map(({ index, start }) => (
              <div
                key={rows[index]!.index}
                ref={virtual.measureElement}
                data-index={index}
                role="row"
                aria-rowindex={index + 2}
                className={classes.row}
                style={{ transform: `translateY(${start}px)` }}
              >
                <RowCells row={rows[index]!} job={job} />
              </div>
            ))}
          </div>
        </div>
      )}
      {pages > 1 && (
        <Group justify="space-between">
          <Text size="sm" c="dimmed">
            {t("page", {
              from: (page - 1) * rowsPageSize + 1,
              to: Math.min(page * rowsPageSize, total),
              total,
            })}
          </Text>
          <Pagination
            total={pages}
            value={page}
            onChange={(chosen) => {
              setPage(chosen);
              scroll.current?.scrollTo({ top: 0 });
            }}
            getItemProps={(number) => ({ "aria-label": t("toPage", { page: number }) })}
            getControlProps={(control) => ({ "aria-label": t(`controls.${control}`) })}
          />
        </Group>
      )}
    </Stack>
  );
}
