/** One promise: what was measured, the limit measured beside it, and how they compare. */
export type Figure = {
  what: string;
  ours: string;
  limit: string;
  ratio: string;
  /** What is promised of the ratio, and whether it is kept. */
  promised: string;
};

export const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

export const percentile = (numbers: readonly number[], share: number): number =>
  [...numbers].sort((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))]!;

export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map(
    ({ what, ours, limit, ratio, promised }) => `| ${what} | ${ours} | ${limit} | ${ratio} | ${promised} |`,
  );
  return ["| what | Clientele | the limit | ratio | promised |", "|---|---|---|---|---|", ...rows].join("\n");
}

export const verdict = (promise: string, isMet: boolean): string =>
  `${promise}: ${isMet ? "kept" : "**missed**"}`;
