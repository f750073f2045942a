import "@mantine/charts/styles.css";
import { AreaChart, BarChart } from "@mantine/charts";
import { useFormatter } from "use-intl";
import classes from "./insight.module.css";
import type { Row, Series } from "./series.ts";

export type ChartKind = "area" | "bars" | "ranks";
type Props = { kind: ChartKind; rows: readonly Row[]; series: readonly Series[] };

const rankHeight = 34;
const quarters = [0, 0.25, 0.5, 0.75, 1];

/** The chart; the table next to it has the same numbers for screen readers. */
export default function Chart({ kind, rows, series }: Props) {
  const format = useFormatter();
  const isPercent = series.some((one) => one.isPercent);
  const number = (value: number) =>
    isPercent ? format.number(value, { style: "percent" }) : format.number(value);
  const shared = {
    data: [...rows],
    dataKey: "label",
    series: series.map(({ key, label, color }) => ({ name: key, label, color: `var(--insight-${color})` })),
    valueFormatter: number,
    withLegend: series.length > 1,
    // Keeps the order of the series instead of sorting by name.
    legendProps: { itemSorter: null },
    // The chart is one image to screen readers; its numbers are in the table.
    accessibilityLayer: false,
    tooltipAnimationDuration: 0,
    className: classes.chart!,
  };
  if (kind === "area")
    return (
      <AreaChart
        {...shared}
        withDots={rows.length < 40}
        curveType="linear"
        areaProps={{ isAnimationActive: false }}
        xAxisProps={{ minTickGap: 24 }}
        yAxisProps={{ width: 64, allowDecimals: false }}
      />
    );
  const bars = { ...shared, barProps: { isAnimationActive: false }, maxBarWidth: 40 };
  if (kind === "bars")
    return (
      <BarChart
        {...bars}
        type="stacked"
        xAxisProps={{ minTickGap: 24 }}
        yAxisProps={{ width: 64, allowDecimals: false }}
      />
    );
  return (
    <BarChart
      {...bars}
      type="stacked"
      orientation="vertical"
      style={{ height: (series.length > 1 ? 96 : 48) + rankHeight * rows.length }}
      gridAxis="x"
      xAxisProps={{ allowDecimals: false, ...(isPercent ? { domain: [0, 1], ticks: quarters } : {}) }}
      yAxisProps={{ width: 128, interval: 0 }}
    />
  );
}
