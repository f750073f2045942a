/** A row of the report: a measurement, its baseline from the same run, and their ratio. */
export type Figure = {
  measurement: string;
  result: string;
  baseline: string;
  ratio: string;
  /** The target of the ratio and whether it is met. */
  target: string;
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
    ({ measurement, result, baseline, ratio, target }) =>
      `| ${measurement} | ${result} | ${baseline} | ${ratio} | ${target} |`,
  );
  return ["| Measurement | Clientele | Baseline | Ratio | Target |", "|---|---|---|---|---|", ...rows].join(
    "\n",
  );
}

export const assess = (target: string, isMet: boolean): string =>
  `${target}: ${isMet ? "met" : "**missed**"}`;
