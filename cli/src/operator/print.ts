export const jsonOption = ["--json", "answer as JSON on stdout"] as const;

/** One JSON document for programs, or text for people. */
export function print(asJson: boolean | undefined, value: unknown, text: string): void {
  process.stdout.write(`${asJson ? JSON.stringify(value) : text}\n`);
}

/** Columns under their names, as wide as what stands in them. */
export function table(names: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [names, ...rows];
  const widths = names.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

export const day = (time: Date | null): string => time?.toISOString().slice(0, 10) ?? "";
