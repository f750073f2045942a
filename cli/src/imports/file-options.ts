import { matchKeys } from "@clientele/contract/import-rows";
import { ClienteleError, type Input } from "@clientele/sdk";
import { OperatorError } from "@clientele/server";
import { type Command, InvalidArgumentError, Option } from "commander";
import { addMapping, type Mapping, readMapping } from "./column-mapping.ts";
import { fileExtensions } from "./input-file.ts";

/** How a file is read and what its rows may do. */
export type FileOptions = {
  type?: string;
  map?: Mapping;
  mapping?: string;
  createFields?: true;
  onUnknown?: "error" | "warn";
  mode?: "upsert" | "create" | "update";
  matchOn?: (typeof matchKeys)[number][];
  ignoreMandatory?: true;
  atomic?: true;
  empty?: "keep" | "clear";
  dateFormat?: string;
  defaultCountry?: string;
  decimal?: "." | ",";
  listSeparator?: string;
  delimiter?: string;
  encoding?: "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";
  sheet?: string;
  again?: true;
};

export function withFileOptions(command: Command): Command {
  const option = (flags: string, description: string) => new Option(flags, description);
  command.optionsGroup("Columns:");
  return command
    .option("--map <heading=field>", "map a column to a field (repeatable, see below)", addMapping)
    .option("--mapping <file>", "JSON file that maps columns to fields")
    .option("--create-fields", "create a TEXT field for each column that matches no field")
    .addOption(
      option(
        "--on-unknown <what>",
        "what to do with a column that matches no field (default: error)",
      ).choices(["error", "warn"]),
    )
    .optionsGroup("Rows:")
    .addOption(
      option("--mode <mode>", "what a row may do (default: upsert)").choices(["upsert", "create", "update"]),
    )
    .option(
      "--match-on <keys>",
      `keys that match a row to a customer: ${matchKeys.join(",")}`,
      parseMatchKeys,
    )
    .addOption(
      option("--empty <what>", "what an empty cell does to the stored value (default: keep)").choices([
        "keep",
        "clear",
      ]),
    )
    .option("--atomic", "import all rows or none")
    .option("--ignore-mandatory", "allow rows without a value for required fields")
    .option("--again", "import the file again even if it was imported within 24 hours")
    .optionsGroup("File format:")
    .addOption(
      option(
        "--type <extension>",
        `file type, if its name does not tell: ${fileExtensions.join(", ")}, also with .gz`,
      ).argParser(parseExtension),
    )
    .option("--date-format <format>", "date format besides YYYY-MM-DD, such as DD.MM.YYYY")
    .option("--default-country <code>", "country of phone numbers without a country code, such as DE")
    .addOption(option("--decimal <mark>", "decimal separator").choices([".", ","]))
    .option("--list-separator <text>", "separator between multiple values in one cell (default: ;)")
    .addOption(
      option("--delimiter <mark>", "CSV column delimiter (default: detected)").choices([
        ",",
        ";",
        "tab",
        "|",
      ]),
    )
    .addOption(
      option("--encoding <name>", "text encoding (default: detected)").choices([
        "utf-8",
        "utf-16le",
        "utf-16be",
        "windows-1252",
      ]),
    )
    .option("--sheet <name>", "sheet of a workbook (default: the first visible one)");
}

/** The options as query parameters of the API. */
export function importQuery(options: FileOptions): Omit<Input<"createImport">, "body"> {
  const mapping = { ...(options.mapping ? readMapping(options.mapping) : {}), ...options.map };
  const query = {
    mapping: Object.keys(mapping).length > 0 ? JSON.stringify(mapping) : undefined,
    create_fields: options.createFields,
    on_unknown: options.onUnknown,
    mode: options.mode,
    match_on: options.matchOn,
    ignore_mandatory_validation: options.ignoreMandatory,
    atomic: options.atomic,
    empty: options.empty,
    date_format: options.dateFormat,
    default_country: options.defaultCountry,
    decimal: options.decimal,
    list_separator: options.listSeparator,
    delimiter: options.delimiter,
    encoding: options.encoding,
    sheet: options.sheet,
    again: options.again,
  };
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
}

/** Turns an error about query parameters into one that names the command line options. */
export function withOptionNames(error: unknown): unknown {
  if (!(error instanceof ClienteleError) || error.code !== "REQUEST_INVALID") return error;
  const { fieldErrors } = error;
  if (fieldErrors.length === 0 || fieldErrors.some((fieldError) => fieldError.in !== "query")) return error;
  const messages = fieldErrors.map(({ path, message }) => `--${path.replaceAll("_", "-")} ${message}.`);
  return new OperatorError(messages.join("\n"), { cause: error });
}

function parseExtension(text: string): string {
  const extension = text.replace(/^\./, "").toLowerCase();
  if (fileExtensions.includes(extension.replace(/\.gz$/, ""))) return extension;
  throw new InvalidArgumentError(`It must be one of ${fileExtensions.join(", ")}, or one of them with .gz.`);
}

function parseMatchKeys(text: string): (typeof matchKeys)[number][] {
  const keys = text.split(",").map((key) => key.trim());
  const unknown = keys.find((key) => !(matchKeys as readonly string[]).includes(key));
  if (unknown === undefined) return keys as (typeof matchKeys)[number][];
  throw new InvalidArgumentError(`It must be one or more of ${matchKeys.join(",")}.`);
}
