import { createInterface } from "node:readline/promises";
import type { Client, ImportJob } from "@clientele/sdk";
import { OperatorError } from "@clientele/server";
import { Command } from "commander";
import { type Connection, connect, connectionOptionsGroup, withConnectionOptions } from "../connection.ts";
import { print } from "../print.ts";
import { note } from "../terminal.ts";
import { type FileOptions, withFileOptions } from "./file-options.ts";
import { firstErrors, importReport } from "./import-report.ts";
import { upload } from "./upload.ts";
import {
  isInteractive,
  printReport,
  unlessInterrupted,
  waitAndReport,
  waitForImport,
} from "./wait-and-report.ts";

type Options = Connection &
  FileOptions & { dryRun?: true; apply?: true; yes?: true; detach?: true; errors?: string };

export function importCommand(): Command {
  const command = new Command("import")
    .description("import customers from a CSV, NDJSON, XLSX or JSON file with any number of rows")
    .argument("<file>", "file to import; - is standard input")
    .option("--dry-run", "preview the import without writing anything")
    .option("--apply", "preview, ask for confirmation, then run exactly the previewed plan")
    .option("-y, --yes", "with --apply: skip the confirmation")
    .option("--errors <file>", "write failed rows to this file, to fix and import again")
    .option("--detach", "exit after the upload; the import continues in the background");
  withFileOptions(command).optionsGroup(connectionOptionsGroup);
  return withConnectionOptions(command)
    .action(run)
    .addHelpText(
      "after",
      `
Columns are matched to fields by heading: a field's label (for standard fields in eight languages), its defaultId or
id, or external_id, id, tags, …  Map any other column yourself, or the import stops before it writes:
  --map "Kundennr=external_id"        to an existing field
  --map "Score=+Credit score:NUMBER"  to a new field (=+ alone: a TEXT field with the heading as label)
  --map "Internal="                   to nothing
  --map "#3=email"                    the third column

Exit code: 0 on success, 1 if a row or the whole import failed, 130 after Ctrl-C.

Examples:
  clientele import customers.xlsx --apply
  clientele import customers.csv.gz --map "Kundennr=external_id" --errors errors.csv
  clientele import persons.csv --date-format DD.MM.YYYY --default-country DE --create-fields
  psql -c "copy (select …) to stdout csv header" | clientele import - --type csv --dry-run`,
    );
}

async function run(path: string, options: Options): Promise<void> {
  const needsConfirmation = options.apply === true && options.yes !== true;
  if (options.apply && options.dryRun)
    throw new OperatorError("--dry-run and --apply exclude each other: give one of them.");
  if (options.apply && options.detach)
    throw new OperatorError("--apply waits for the preview and cannot be combined with --detach.");
  if (needsConfirmation && (options.json || !process.stdin.isTTY))
    throw new OperatorError("--apply asks for confirmation, which needs a terminal: add --yes.");
  const client = connect(options);
  const isPlanned = options.dryRun === true || options.apply === true;
  const sending = { ...options, dryRun: isPlanned, isInteractive: isInteractive(options) };
  const answer = await unlessInterrupted(() => upload(client, path, sending));
  if (answer === null) return;
  const { data: job } = answer;
  if (options.detach) {
    const detached = `Import ${job.id} continues in the background.\n  follow  clientele imports follow ${job.id}`;
    return print(options.json, job, detached);
  }
  if (options.apply) await applyPlan(client, job.id, options, needsConfirmation);
  else await waitAndReport(client, job.id, options);
}

async function applyPlan(
  client: Client,
  planId: string,
  options: Options,
  needsConfirmation: boolean,
): Promise<void> {
  const plan = await waitForImport(client, planId, options);
  if (plan === null) return;
  if (plan.phase !== "completed" || !wouldChange(plan)) {
    await printReport(client, plan, options);
    if (plan.phase === "completed") note("The import would change nothing, so nothing was written.");
    return;
  }
  if (needsConfirmation) {
    const rows: [string, string] = ["preview each row", `clientele imports rows ${planId}`];
    print(false, plan, importReport(plan, await firstErrors(client, plan), [rows]));
    if (!(await isConfirmed()))
      return note(`Nothing was written. To apply this plan later: clientele imports apply ${planId}`);
  }
  const { data } = await client.applyImport({ importId: planId });
  await waitAndReport(client, data.id, options);
}

const wouldChange = ({ created, updated }: ImportJob): boolean => created + updated > 0;

async function isConfirmed(): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const { promise: interrupted, resolve } = Promise.withResolvers<string>();
  terminal.once("SIGINT", () => resolve("")).once("close", () => resolve(""));
  const answer = await Promise.race([terminal.question("\nApply this plan? [y/N] "), interrupted]);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
