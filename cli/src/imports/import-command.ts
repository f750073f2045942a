import { createInterface } from "node:readline/promises";
import type { Client, ImportJob } from "@clientele/sdk";
import { Refusal } from "@clientele/server";
import { Command } from "commander";
import { type Connection, connect, connecting, groupOfConnection } from "../connection.ts";
import { print } from "../operator/print.ts";
import { note } from "../terminal.ts";
import { type FileOptions, withFileOptions } from "./file-options.ts";
import { finish, followed, isWatched, tell, unlessLeft } from "./finish.ts";
import { firstFaults, reportOf } from "./report.ts";
import { upload } from "./upload.ts";

type Options = Connection &
  FileOptions & { dryRun?: true; apply?: true; yes?: true; detach?: true; errors?: string };

export function importCommand(): Command {
  const command = new Command("import")
    .description("import customers from a file: CSV, NDJSON, XLSX or JSON of any number of rows")
    .argument("<file>", "the file; - is standard input")
    .option("--dry-run", "say what would happen, and do none of it")
    .option("--apply", "a dry run first; then ask, and do exactly that")
    .option("-y, --yes", "with --apply: do not ask")
    .option("--errors <file>", "write the rows that failed there, to be mended and imported again")
    .option("--detach", "only send the file; the import goes on by itself");
  withFileOptions(command).optionsGroup(groupOfConnection);
  return connecting(command)
    .action(run)
    .addHelpText(
      "after",
      `
Columns find their fields by what they are called: a field's label in any language the defaults have, its
defaultId or id, or external_id, id, tags, …  Others are told of before anything is written:
  --map "Kundennr=external_id"        the column is this
  --map "Score=+Credit score:NUMBER"  it becomes a new field (=+ alone: TEXT, called like the column)
  --map "Internal="                   it is left out
  --map "#3=email"                    the third column

Exit code: 0 when all went well, 1 when a row or the whole import failed, 130 after Ctrl-C.

Examples:
  clientele import customers.xlsx --apply
  clientele import customers.csv.gz --map "Kundennr=external_id" --errors errors.csv
  clientele import persons.csv --date-format DD.MM.YYYY --default-country DE --create-fields
  psql -c "copy (select …) to stdout csv header" | clientele import - --type csv --dry-run`,
    );
}

async function run(path: string, options: Options): Promise<void> {
  const asks = options.apply === true && options.yes !== true;
  if (options.apply && options.dryRun)
    throw new Refusal("--dry-run does nothing and --apply does it: give one of them.");
  if (options.apply && options.detach) throw new Refusal("--apply shows a plan: it cannot be detached.");
  if (asks && (options.json || !process.stdin.isTTY))
    throw new Refusal("--apply asks before it writes, and nobody can answer here: add --yes.");
  const client = connect(options);
  const isPlanned = options.dryRun === true || options.apply === true;
  const sending = { ...options, dryRun: isPlanned, isWatched: isWatched(options) };
  const answer = await unlessLeft(() => upload(client, path, sending));
  if (answer === null) return;
  const { data: sent } = answer;
  if (options.detach) {
    const goesOn = `Import ${sent.id} goes on by itself.\n  follow it  clientele imports follow ${sent.id}`;
    return print(options.json, sent, goesOn);
  }
  if (options.apply) await applyPlan(client, sent.id, options, asks);
  else await finish(client, sent.id, options);
}

async function applyPlan(client: Client, planId: string, options: Options, asks: boolean): Promise<void> {
  const plan = await followed(client, planId, options);
  if (plan === null) return;
  if (plan.phase !== "completed" || !wouldChange(plan)) {
    await tell(client, plan, options);
    if (plan.phase === "completed") note("Nothing would change, so nothing was done.");
    return;
  }
  if (asks) {
    const rows: [string, string] = ["what each row would do", `clientele imports rows ${planId}`];
    print(false, plan, reportOf(plan, await firstFaults(client, plan), [rows]));
    if (!(await isAgreed())) return note(`Nothing was written. Later: clientele imports apply ${planId}`);
  }
  const { data } = await client.applyImport({ importId: planId });
  await finish(client, data.id, options);
}

const wouldChange = ({ created, updated }: ImportJob): boolean => created + updated > 0;

async function isAgreed(): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const { promise: interrupted, resolve } = Promise.withResolvers<string>();
  terminal.once("SIGINT", () => resolve("")).once("close", () => resolve(""));
  const answer = await Promise.race([terminal.question("\nDo it? [y/N] "), interrupted]);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
