import type { ImportJob } from "@clientele/sdk";
import type { ImportColumn } from "../queries.ts";

/** What a column is to be: a field's id or an attribute, a field to be made, or nothing (null). */
export type Choice = string | null | { create: { label: string; type: string } };

/** By the position of the column. A column that nobody has decided about is not in it. */
export type Mapping = Readonly<Record<number, Choice>>;

/** Columns of a report, or of what nobody writes, are left out by themselves. */
export const isDecidable = ({ ignored }: ImportColumn): boolean => ignored === null || ignored === "asked";

/** The mapping that an import had, found by itself or given. */
export function mappingOf({ columns, options }: Pick<ImportJob, "columns" | "options">): Mapping {
  const given = options?.mapping ?? {};
  const mapping: Record<number, Choice> = {};
  for (const { position, heading, target, creates, ignored, label } of columns) {
    if (ignored === "asked") mapping[position] = null;
    if (target === null) continue;
    const givenChoice = given[`#${position}`] ?? given[heading];
    const type = (givenChoice as { create?: { type?: string } } | undefined)?.create?.type ?? "TEXT";
    mapping[position] = creates ? { create: { label, type } } : target;
  }
  return mapping;
}

/** Columns without a decision: the import would stop before its first row. */
export const undecided = (columns: readonly ImportColumn[], mapping: Mapping): ImportColumn[] =>
  columns.filter((column) => isDecidable(column) && mapping[column.position] === undefined);

/** As a request says it: columns by their number, so that headings may be empty or twice. */
export const mappingParameter = (mapping: Mapping): string =>
  JSON.stringify(Object.fromEntries(Object.entries(mapping).map(([position, to]) => [`#${position}`, to])));
