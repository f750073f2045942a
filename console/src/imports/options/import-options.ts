import type { ImportJob, Input } from "@clientele/sdk";
import { browserCountry } from "../../custom-fields/values/phone-numbers.ts";

type Query = Omit<Input<"createImport">, "body">;
type StoredOptions = NonNullable<ImportJob["options"]>;

/** Import options as the form has them; `""` means automatic detection. */
export type ImportOptions = {
  mode: StoredOptions["mode"];
  matchOn: StoredOptions["matchOn"];
  dateFormat: string;
  defaultCountry: string;
  decimal: "" | "." | ",";
  listSeparator: string;
  empty: StoredOptions["empty"];
  encoding: string;
  delimiter: string;
  sheet: string;
  ignoreMandatory: boolean;
};

/** Default options. Phone numbers default to the browser's country, where most lists come from. */
export const defaultOptions = (): ImportOptions => ({
  mode: "upsert",
  matchOn: ["id", "external_id", "import_customer_id"],
  dateFormat: "",
  defaultCountry: browserCountry(),
  decimal: "",
  listSeparator: ";",
  empty: "keep",
  encoding: "",
  delimiter: "",
  sheet: "",
  ignoreMandatory: false,
});

export const optionsFromStored = (stored: StoredOptions): ImportOptions => ({
  mode: stored.mode,
  matchOn: stored.matchOn,
  dateFormat: stored.dateFormat ?? "",
  defaultCountry: stored.defaultCountry ?? "",
  decimal: stored.decimal ?? "",
  listSeparator: stored.listSeparator,
  empty: stored.empty,
  encoding: stored.encoding ?? "",
  delimiter: stored.delimiter ?? "",
  sheet: stored.sheet ?? "",
  ignoreMandatory: stored.ignoreMandatoryValidation,
});

export const queryOf = (options: ImportOptions): Query => ({
  mode: options.mode,
  match_on: options.matchOn,
  list_separator: options.listSeparator,
  empty: options.empty,
  ...(options.dateFormat.trim() && { date_format: options.dateFormat.trim() }),
  ...(options.defaultCountry.trim() && { default_country: options.defaultCountry.trim().toUpperCase() }),
  ...(options.decimal && { decimal: options.decimal }),
  ...(options.delimiter && { delimiter: options.delimiter }),
  ...(options.encoding && { encoding: options.encoding as NonNullable<Query["encoding"]> }),
  ...(options.sheet && { sheet: options.sheet }),
  ...(options.ignoreMandatory && { ignore_mandatory_validation: true }),
});
