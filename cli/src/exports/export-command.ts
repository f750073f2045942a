import { extname } from "node:path";
import { type ExportFormat, exportFormats } from "@clientele/contract/exports";
import type { Client, Input } from "@clientele/sdk";
import { OperatorError } from "@clientele/server";
import { Command, InvalidArgumentError, Option } from "commander";
import { type Connection, connect, connectionOptionsGroup, withConnectionOptions } from "../connection.ts";
import { formatBytes } from "../format-numbers.ts";
import { withOptionNames } from "../imports/file-options.ts";
import { print } from "../print.ts";
import { saveFile } from "../save-file.ts";
import { note, startByteCounter } from "../terminal.ts";

type Options = Connection & {
  format?: ExportFormat;
  delimiter?: "," | ";";
  fields?: string[];
  q?: string;
  tag?: string[];
  filter?: Record<string, string>;
  updatedSince?: string;
  sort?: string;
  desc?: true;
};

// Sorting millions of customers delays the first byte by minutes.
const timeoutMs = 15 * 60_000;

export function exportCommand(): Command {
  const command = new Command("export")
    .description("export customers as CSV, NDJSON or XLSX; an import of the file changes nothing")
    .argument("[file]", "output file (default: standard output)", "-")
    .addOption(
      new Option("--format <format>", "default: from the file's extension, otherwise csv").choices(
        exportFormats,
      ),
    )
    .addOption(new Option("--delimiter <mark>", "CSV column delimiter (default: ,)").choices([",", ";"]))
    .option(
      "--fields <names>",
      "columns and their order, such as external_id,firstName,email",
      parseFieldNames,
    )
    .optionsGroup("Filters (default: all customers):")
    .option("--q <words>", "customers that match this search")
    .option("--tag <name>", "customers with this tag (repeatable: with any of them)", addTag)
    .option("--filter <field=value>", "customers whose field has exactly this value (repeatable)", addFilter)
    .option("--updated-since <time>", "customers changed since this date or time")
    .option("--sort <field>", "sort by this field")
    .option("--desc", "sort in descending order")
    .optionsGroup(connectionOptionsGroup);
  return withConnectionOptions(command)
    .action(run)
    .addHelpText(
      "after",
      `
Examples:
  clientele export customers.xlsx
  clientele export --q berlin --fields external_id,firstName,email | column -ts,
  clientele export vip.csv --tag VIP --updated-since 2026-01-01
  clientele export backup.ndjson && clientele import backup.ndjson --dry-run`,
    );
}

async function run(path: string, options: Options): Promise<void> {
  const format = options.format ?? formatForPath(path);
  if (path === "-" && options.json)
    throw new OperatorError("--json reports on a file: name the output file.");
  if (path === "-" && format === "xlsx" && process.stdout.isTTY)
    throw new OperatorError(
      "An XLSX workbook cannot be printed to a terminal: name a file, such as customers.xlsx.",
    );
  const client = connect(options);
  const query: Input<"exportCustomers"> = {
    format,
    ...(options.delimiter && { delimiter: options.delimiter }),
    ...(options.fields && { fields: options.fields }),
    ...(options.q !== undefined && { q: options.q }),
    ...(options.tag && { tag_ids: await tagIdsOf(client, options.tag) }),
    ...(options.filter && { filter: options.filter }),
    ...(options.updatedSince !== undefined && { updated_since: options.updatedSince }),
    ...(options.sort !== undefined && { sort: options.sort }),
    ...(options.desc && { sort_type: "desc" }),
  };
  const file = await client.exportCustomers(query, { timeoutMs }).catch((error) => {
    throw withOptionNames(error);
  });
  const counter = path === "-" && process.stdout.isTTY ? null : startByteCounter("writing");
  let sizeBytes = 0;
  try {
    await saveFile(file, path, (written) => {
      sizeBytes = written;
      counter?.show(written);
    });
  } finally {
    counter?.stop();
  }
  if (path === "-") return;
  if (options.json) print(true, { file: path, format, sizeBytes }, "");
  else note(`${path}: ${formatBytes(sizeBytes)}.`);
}

function formatForPath(path: string): ExportFormat {
  const extension = extname(path).slice(1).toLowerCase();
  const format = exportFormats.find((exportFormat) => exportFormat === extension);
  if (format) return format;
  if (extension === "jsonl") return "ndjson";
  if (path === "-" || extension === "" || extension === "txt") return "csv";
  throw new OperatorError(
    `${path}: unknown file extension. Choose ${exportFormats.join(", ")} with --format.`,
  );
}

/** Resolves tag names (case-insensitive) or ids to ids. */
async function tagIdsOf(client: Client, names: readonly string[]): Promise<string[]> {
  const tags = await Array.fromAsync(client.each("listTags"));
  return names.map((name) => {
    const found = tags.find((tag) => tag.id === name || tag.name.toLowerCase() === name.toLowerCase());
    if (found) return found.id;
    const known = tags.map((tag) => tag.name).slice(0, 20);
    throw new OperatorError(
      `There is no tag ${JSON.stringify(name)}${known.length > 0 ? `; the tags are ${known.join(", ")}` : ""}.`,
    );
  });
}

const addTag = (tag: string, before: string[] = []): string[] => [...before, tag];

const parseFieldNames = (text: string): string[] => text.split(",").map((name) => name.trim());

function addFilter(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError('It must be "field=value".');
  return { ...before, [text.slice(0, at).trim()]: text.slice(at + 1) };
}
