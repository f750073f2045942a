import type { ImportJob } from "@clientele/sdk";
import type { ImportColumn } from "../queries.ts";

/** The target of a column: a field id or attribute, a new field, or null to skip it. */
export type Choice = string | null | { create: { label: string; type: string } };

/** Targets by column position; unmapped columns are missing. */
export type Mapping = Readonly<Record<number, Choice>>;

/** Report columns and read-only columns are always skipped. */
export const isDecidable = ({ ignored }: ImportColumn): boolean => ignored === null || ignored === "asked";

/** The mapping that an import used, matched automatically or given. */
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

/** Columns without a target: the import would stop before its first row. */
export const undecided = (columns: readonly ImportColumn[], mapping: Mapping): ImportColumn[] =>
  columns.filter((column) => isDecidable(column) && mapping[column.position] === undefined);

/** The request parameter: columns by number, because headings may be empty or repeated. */
export const mappingParameter = (mapping: Mapping): string =>
  JSON.stringify(Object.fromEntries(Object.entries(mapping).map(([position, to]) => [`#${position}`, to])));
