/** A row of a chart and its table; numbers by series key. */
export type Row = { key: string; label: string } & Record<string, string | number>;

export type Series = {
  key: string;
  label: string;
  color: "first" | "second" | "third";
  /** Values are shares between 0 and 1. */
  isPercent?: boolean;
};

const ranksMax = 12;

/** The rows that fit into a chart; the table shows all. */
export const topRows = <T extends Row>(rows: readonly T[]): readonly T[] => rows.slice(0, ranksMax);
