import { extname } from "node:path";
import { type ExportFormat, exportFormats } from "@clientele/contract/exports";
import type { Client, Input } from "@clientele/sdk";
import { Refusal } from "@clientele/server";
import { Command, InvalidArgumentError, Option } from "commander";
import { type Connection, connect, connecting, groupOfConnection } from "../connection.ts";
import { inWordsOfOptions } from "../imports/file-options.ts";
import { bytes } from "../measures.ts";
import { print } from "../operator/print.ts";
import { save } from "../save.ts";
import { note, startBytes } from "../terminal.ts";

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

// Millions are put in order before the first of them comes.
const timeoutMs = 15 * 60_000;

export function exportCommand(): Command {
  const command = new Command("export")
    .description("export customers to a file: CSV, NDJSON or XLSX, which an import reads back unchanged")
    .argument("[file]", "where to; standard output when left out", "-")
    .addOption(new Option("--format <format>", "by the file's ending, or else csv").choices(exportFormats))
    .addOption(new Option("--delimiter <mark>", "of CSV (default: ,)").choices([",", ";"]))
    .option("--fields <names>", "the columns in this order, such as external_id,firstName,email", namesOf)
    .optionsGroup("Which customers (all when left out):")
    .option("--q <words>", "whom a search finds")
    .option("--tag <name>", "who has this tag, or one of them; repeatable", withTag)
    .option("--filter <field=value>", "whose field is exactly this; repeatable", withFilter)
    .option("--updated-since <time>", "who has changed since a day or moment")
    .option("--sort <field>", "in the order of this")
    .option("--desc", "the other way round")
    .optionsGroup(groupOfConnection);
  return connecting(command)
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
  const format = options.format ?? formatOf(path);
  if (path === "-" && options.json) throw new Refusal("--json tells of a file: say which one.");
  if (path === "-" && format === "xlsx" && process.stdout.isTTY)
    throw new Refusal("A workbook is nothing for a terminal: say which file, such as customers.xlsx.");
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
    throw inWordsOfOptions(error);
  });
  const gauge = path === "-" && process.stdout.isTTY ? null : startBytes("writing");
  let sizeBytes = 0;
  try {
    await save(file, path, (written) => {
      sizeBytes = written;
      gauge?.show(written);
    });
  } finally {
    gauge?.stop();
  }
  if (path === "-") return;
  if (options.json) print(true, { file: path, format, sizeBytes }, "");
  else note(`${path}: ${bytes(sizeBytes)}.`);
}

function formatOf(path: string): ExportFormat {
  const ending = extname(path).slice(1).toLowerCase();
  const format = exportFormats.find((it) => it === ending);
  if (format) return format;
  if (ending === "jsonl") return "ndjson";
  if (path === "-" || ending === "" || ending === "txt") return "csv";
  throw new Refusal(`${path}: a file is written as ${exportFormats.join(", ")}; say which with --format.`);
}

/** Tags by their names, whatever the case, or ids. */
async function tagIdsOf(client: Client, wanted: readonly string[]): Promise<string[]> {
  const tags = await Array.fromAsync(client.each("listTags"));
  return wanted.map((name) => {
    const found = tags.find((tag) => tag.id === name || tag.name.toLowerCase() === name.toLowerCase());
    if (found) return found.id;
    const known = tags.map((tag) => tag.name).slice(0, 20);
    throw new Refusal(
      `There is no tag ${JSON.stringify(name)}${known.length > 0 ? `; the tags are ${known.join(", ")}` : ""}.`,
    );
  });
}

const withTag = (tag: string, before: string[] = []): string[] => [...before, tag];

const namesOf = (text: string): string[] => text.split(",").map((name) => name.trim());

function withFilter(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError('It must be "field=value".');
  return { ...before, [text.slice(0, at).trim()]: text.slice(at + 1) };
}
