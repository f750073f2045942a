import type { ImportJob } from "@clientele/sdk";
import { Tabs } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";
import { RowErrors } from "../rows/row-errors.tsx";
import { RowsTable } from "../rows/rows-table.tsx";

type Props = {
  job: ImportJob;
  rowsLabel: string;
  /** The tab shown first. */
  initial: "rows" | "errors" | "columns";
  /** Column mapping and options, where they can still be changed. */
  columns?: ReactNode;
};

/** Rows of an import, rows with errors, and the column mapping. */
export function RowTabs({ job, rowsLabel, initial, columns }: Props) {
  const t = useTranslations("imports.tabs");
  const [tab, setTab] = useState<string | null>(initial);
  return (
    <Tabs value={tab} onChange={setTab} keepMounted={false}>
      <Tabs.List>
        <Tabs.Tab value="rows">{rowsLabel}</Tabs.Tab>
        {job.failed > 0 && <Tabs.Tab value="errors">{t("errors", { count: job.failed })}</Tabs.Tab>}
        {columns && <Tabs.Tab value="columns">{t("columns")}</Tabs.Tab>}
      </Tabs.List>
      <Tabs.Panel value="rows" pt="md">
        <RowsTable job={job} />
      </Tabs.Panel>
      <Tabs.Panel value="errors" pt="md">
        <RowErrors job={job} />
      </Tabs.Panel>
      <Tabs.Panel value="columns" pt="md">
        {columns}
      </Tabs.Panel>
    </Tabs>
  );
}
