import { bodyError, type FieldError } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import { isOn, type Static } from "@clientele/contract/formats";
import type { BulkChange as BulkChangeSchema, ImportFileQuery } from "@clientele/contract/import-jobs";
import { type importOptionsOfBody, type MatchKey, matchKeys } from "@clientele/contract/import-rows";
import { errorsOfCellOptions } from "../columns/cell-options.ts";
import type { Encoding } from "../files/encoding.ts";

export type BulkChange = Static<typeof BulkChangeSchema>;

/** The options of an import, as they are stored with it. */
export type ImportOptions = {
  mode: "upsert" | "create" | "update";
  matchOn: readonly MatchKey[];
  atomic: boolean;
  unknownFields: "error" | "warn";
  ignoreMandatory: boolean;
  mapping: Readonly<Record<string, unknown>> | null;
  createFields: boolean;
  dateFormat: string | null;
  defaultCountry: string | null;
  decimal: "." | "," | null;
  listSeparator: string;
  empty: "keep" | "clear";
  delimiter: string | null;
  encoding: Encoding | null;
  sheet: string | null;
  /** The latest year that two digits stand for. */
  latestYear: number;
  /** The change of a bulk change. */
  change?: BulkChange;
};

type Query = Static<typeof ImportFileQuery>;

/** The options of a request, and the errors that the schema does not find. */
export function readOptions(query: Query, now: Date): { options: ImportOptions; fieldErrors: FieldError[] } {
  const fieldErrors: FieldError[] = [];
  const mapping = readMapping(query.mapping, fieldErrors);
  const cells = {
    dateFormat: query.date_format,
    defaultCountry: query.default_country,
    decimal: query.decimal,
    listSeparator: query.list_separator,
  };
  fieldErrors.push(...errorsOfCellOptions(cells));
  const delimiters = [",", ";", "tab", "|"];
  if (query.delimiter !== undefined && !delimiters.includes(query.delimiter))
    fieldErrors.push(
      bodyError("delimiter", "REQUEST_INVALID", reason("NOT_ONE_OF", { options: delimiters })),
    );
  const options: ImportOptions = {
    mode: query.mode ?? "upsert",
    matchOn: query.match_on ?? matchKeys,
    atomic: isOn(query.atomic),
    unknownFields: query.on_unknown ?? "error",
    ignoreMandatory: isOn(query.ignore_mandatory_validation),
    mapping,
    createFields: isOn(query.create_fields),
    dateFormat: query.date_format ?? null,
    defaultCountry: query.default_country?.toUpperCase() ?? null,
    decimal: query.decimal ?? null,
    listSeparator: query.list_separator ?? ";",
    empty: query.empty ?? "keep",
    delimiter: query.delimiter ?? null,
    encoding: query.encoding ?? null,
    sheet: query.sheet ?? null,
    latestYear: now.getUTCFullYear(),
  };
  return { options, fieldErrors: fieldErrors.map((fieldError) => ({ ...fieldError, in: "query" })) };
}

/** A bulk change only updates: its rows are ids. */
export const optionsOfBulk = (change: BulkChange, ignoreMandatory: boolean, now: Date): ImportOptions => ({
  ...readOptions({}, now).options,
  mode: "update",
  matchOn: ["id"],
  ignoreMandatory,
  change,
});

function readMapping(text: string | undefined, fieldErrors: FieldError[]): ImportOptions["mapping"] {
  if (text === undefined || text.trim() === "") return null;
  let mapping: unknown;
  try {
    mapping = JSON.parse(text);
  } catch {
    mapping = null;
  }
  const isTarget = (target: unknown) =>
    target === null ||
    typeof target === "string" ||
    typeof (target as { create?: unknown }).create === "object";
  if (
    typeof mapping !== "object" ||
    mapping === null ||
    Array.isArray(mapping) ||
    !Object.values(mapping).every(isTarget)
  ) {
    fieldErrors.push(bodyError("mapping", "REQUEST_INVALID", reason("MAPPING_INVALID")));
    return null;
  }
  return mapping as Record<string, unknown>;
}

/** A `dry_run` in a JSON document overrides the request's. */
export const isDryRun = (requested: boolean, body: Partial<Static<typeof importOptionsOfBody>>): boolean =>
  body.dry_run === undefined ? requested : isOn(body.dry_run);

/** Options in a JSON document override the request's. */
export function withBodyOptions(
  options: ImportOptions,
  body: Partial<Static<typeof importOptionsOfBody>>,
): ImportOptions {
  return {
    ...options,
    mode: body.mode ?? options.mode,
    matchOn: body.match_on ?? options.matchOn,
    atomic: body.atomic === undefined ? options.atomic : isOn(body.atomic),
    unknownFields: body.on_unknown ?? options.unknownFields,
    ignoreMandatory:
      body.ignore_mandatory_validation === undefined
        ? options.ignoreMandatory
        : isOn(body.ignore_mandatory_validation),
  };
}
