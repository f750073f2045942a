/** A row of a chart and of its table: what it is about, and its numbers by the key of their series. */
export type Row = { key: string; label: string } & Record<string, string | number>;

export type Series = {
  key: string;
  label: string;
  color: "first" | "second" | "third";
  /** Its numbers are parts of one. */
  isPercent?: boolean;
};

const ranksMax = 12;

/** The first rows, as many as a chart can show; the table has them all. */
export const topRows = <T extends Row>(rows: readonly T[]): readonly T[] => rows.slice(0, ranksMax);
