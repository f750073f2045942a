import { Box, Button, Group, Paper, Skeleton, Stack, Table, Text, Title } from "@mantine/core";
import { IconChartBar, IconTable } from "@tabler/icons-react";
import { lazy, type ReactNode, Suspense, useId, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import type { CustomersSearch } from "../customers/customers-search.ts";
import { ErrorNotice } from "../errors/error-notice.tsx";
import type { ChartKind } from "./chart.tsx";
import { CustomersLink } from "./customers-link.tsx";
import type { Row, Series } from "./series.ts";

const Chart = lazy(() => import("./chart.tsx"));

type QueryState = { isPending: boolean; error: unknown; refetch: () => unknown };
type Props = {
  query: QueryState;
  /** The finding, as a sentence. */
  title: string;
  /** Heading of the row labels. */
  rowsLabel: string;
  kind: ChartKind;
  rows: readonly Row[];
  series: readonly Series[];
  /** The rows that fit into the chart. */
  chartRows?: readonly Row[];
  /** Series of the table, if they differ from the chart. */
  tableSeries?: readonly Series[];
  /** Search for the customers that a row counts. */
  customersOf?: (row: Row) => CustomersSearch;
  /** Shown instead of an empty chart. */
  empty: ReactNode;
  /** Links below the chart. */
  children?: ReactNode;
  /** Inputs that change the chart. */
  controls?: ReactNode;
};

/** A chart that can be shown as a table. */
export function Figure({ query, title, rowsLabel, kind, rows, series, empty, children, ...rest }: Props) {
  const t = useTranslations("insight.figure");
  const titleId = useId();
  const [isTable, setIsTable] = useState(false);
  const { controls, chartRows = rows, tableSeries = series, customersOf } = rest;
  const isEmpty = !query.isPending && rows.length === 0;
  return (
    <Paper withBorder p="md" component="section" aria-labelledby={titleId}>
      <Stack gap="sm">
        <Group justify="space-between" align="start" gap="xs">
          <Title order={2} size="h4" id={titleId} flex="1 1 16rem">
            {title}
          </Title>
          {rows.length > 0 && (
            <Button
              size="compact-sm"
              variant="default"
              aria-describedby={titleId}
              leftSection={
                isTable ? <IconChartBar size={16} aria-hidden /> : <IconTable size={16} aria-hidden />
              }
              onClick={() => setIsTable(!isTable)}
            >
              {t(isTable ? "asChart" : "asTable")}
            </Button>
          )}
        </Group>
        {controls}
        {query.error != null && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
        {query.isPending && query.error == null && (
          <Skeleton height={220} role="status" aria-label={t("loading")} />
        )}
        {isEmpty && query.error == null && <Text c="dimmed">{empty}</Text>}
        {rows.length > 0 &&
          (isTable ? (
            <FigureTable {...{ title, rowsLabel, rows, customersOf }} series={tableSeries} />
          ) : (
            <Suspense fallback={<Skeleton height={220} role="status" aria-label={t("loading")} />}>
              <Box role="img" aria-labelledby={titleId}>
                <Chart {...{ kind, series }} rows={chartRows} />
              </Box>
            </Suspense>
          ))}
        {children}
      </Stack>
    </Paper>
  );
}

type NumbersProps = Pick<Props, "title" | "rowsLabel" | "rows" | "series"> & {
  customersOf: Props["customersOf"] | undefined;
};

function FigureTable({ title, rowsLabel, rows, series, customersOf }: NumbersProps) {
  const format = useFormatter();
  return (
    <Table.ScrollContainer
      minWidth={280}
      maxHeight={360}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, role: "group", "aria-label": title } }}
    >
      <Table stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{rowsLabel}</Table.Th>
            {series.map(({ key, label }) => (
              <Table.Th key={key} ta="end">
                {label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.key}>
              <Table.Th scope="row" fw={400}>
                {customersOf ? (
                  <CustomersLink search={customersOf(row)}>{row.label}</CustomersLink>
                ) : (
                  row.label
                )}
              </Table.Th>
              {series.map(({ key, isPercent }) => (
                <Table.Td key={key} ta="end">
                  {format.number(Number(row[key] ?? 0), isPercent ? { style: "percent" } : {})}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
