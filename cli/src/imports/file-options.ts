import { matchKeys } from "@clientele/contract/import-rows";
import { ClienteleError, type Input } from "@clientele/sdk";
import { Refusal } from "@clientele/server";
import { type Command, InvalidArgumentError, Option } from "commander";
import { endings } from "./given-file.ts";
import { type Mapping, readMapping, withMapped } from "./mapping.ts";

/** How a file is read and what is done with its rows, as the command line says it. */
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
  command.optionsGroup("What the columns are:");
  return command
    .option("--map <heading=field>", "a column and its field; repeatable (see below)", withMapped)
    .option("--mapping <file>", "the same for many columns, as a JSON file")
    .option("--create-fields", "make a TEXT field of each column that no field is found for")
    .addOption(
      option("--on-unknown <what>", "a column that no field is found for (default: error)").choices([
        "error",
        "warn",
      ]),
    )
    .optionsGroup("What is done with the rows:")
    .addOption(
      option("--mode <mode>", "what rows may do (default: upsert)").choices(["upsert", "create", "update"]),
    )
    .option("--match-on <keys>", `by what a customer is found again: ${matchKeys.join(",")}`, matchKeysOf)
    .addOption(option("--empty <what>", "what an empty cell does (default: keep)").choices(["keep", "clear"]))
    .option("--atomic", "all rows or none")
    .option("--ignore-mandatory", "mandatory fields may be missing")
    .option("--again", "import the very same file anew, though it was imported within 24 hours")
    .optionsGroup("How the file is written:")
    .addOption(
      option(
        "--type <ending>",
        `what it is, when its name does not say: ${endings.join(", ")}, also with .gz`,
      ).argParser(endingOf),
    )
    .option("--date-format <format>", "of dates besides YYYY-MM-DD, such as DD.MM.YYYY")
    .option("--default-country <code>", "of phone numbers without one, such as DE")
    .addOption(option("--decimal <mark>", "of numbers").choices([".", ","]))
    .option("--list-separator <text>", "between several choices or tags in a cell (default: ;)")
    .addOption(option("--delimiter <mark>", "of CSV (found by itself)").choices([",", ";", "tab", "|"]))
    .addOption(
      option("--encoding <name>", "of text (found by itself)").choices([
        "utf-8",
        "utf-16le",
        "utf-16be",
        "windows-1252",
      ]),
    )
    .option("--sheet <name>", "of a workbook (default: the first that is visible)");
}

/** The options as the service takes them. */
export function queryOf(options: FileOptions): Omit<Input<"createImport">, "body"> {
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

/** What the service refuses of the options is told by their names on the command line. */
export function inWordsOfOptions(error: unknown): unknown {
  if (!(error instanceof ClienteleError) || error.code !== "REQUEST_INVALID") return error;
  const { faults } = error;
  if (faults.length === 0 || faults.some((fault) => fault.in !== "query")) return error;
  const told = faults.map(({ path, message }) => `--${path.replaceAll("_", "-")} ${message}.`);
  return new Refusal(told.join("\n"), { cause: error });
}

function endingOf(text: string): string {
  const ending = text.replace(/^\./, "").toLowerCase();
  if (endings.includes(ending.replace(/\.gz$/, ""))) return ending;
  throw new InvalidArgumentError(`It must be one of ${endings.join(", ")}, or one of them with .gz.`);
}

function matchKeysOf(text: string): (typeof matchKeys)[number][] {
  const keys = text.split(",").map((key) => key.trim());
  const unknown = keys.find((key) => !(matchKeys as readonly string[]).includes(key));
  if (unknown === undefined) return keys as (typeof matchKeys)[number][];
  throw new InvalidArgumentError(`It must be some of ${matchKeys.join(",")}.`);
}
