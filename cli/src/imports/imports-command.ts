import { type ImportPhase, importPhases, rowOutcomes } from "@clientele/contract/import-jobs";
import type { Item } from "@clientele/sdk";
import { Command, Option } from "commander";
import { type Connection, connect, withConnectionOptions } from "../connection.ts";
import { formatCount } from "../format-numbers.ts";
import { parseCount } from "../parse-count.ts";
import { print, table } from "../print.ts";
import { saveFile } from "../save-file.ts";
import { printable } from "../terminal.ts";
import { firstErrors, importReport, nextSteps } from "./import-report.ts";
import { rowLines } from "./rows-report.ts";
import { waitAndReport } from "./wait-and-report.ts";

type Options = Connection & { detach?: true; limit: number };

export function importsCommand(): Command {
  const imports = new Command("imports").description("list, inspect, apply, undo and cancel imports");
  const subcommand = (name: string, description: string) =>
    withConnectionOptions(imports.command(name))
      .description(description)
      .argument("<import>", "import id, as shown by `clientele imports list`");

  withConnectionOptions(imports.command("list"))
    .description("list imports, newest first")
    .addOption(new Option("--phase <phase>", "only imports in this phase").choices(importPhases))
    .option("--limit <count>", "number of imports", parseCount, 20)
    .action(async (options: Options & { phase?: ImportPhase }) => {
      const { phase, limit } = options;
      const { data, total } = await connect(options).listImports({ limit, ...(phase && { phase }) });
      const more = (total ?? 0) - data.length;
      print(options.json, data, `${importTable(data)}${more > 0 ? `\nand ${formatCount(more)} more` : ""}`);
    });

  subcommand("show", "show the result or the progress of an import").action(
    async (importId: string, options: Options) => {
      const client = connect(options);
      const { data: job } = await client.fetchImport({ importId });
      const errors = options.json ? [] : await firstErrors(client, job);
      print(options.json, job, importReport(job, errors, nextSteps(job)));
    },
  );

  subcommand("rows", "show the outcome of each row; for a dry run also what would change")
    .addOption(new Option("--outcome <outcome>", "only rows with this outcome").choices(rowOutcomes))
    .option("--limit <count>", "number of rows", parseCount, 50)
    .option("--page <number>", "page of rows", parseCount, 1)
    .action(
      async (
        importId: string,
        options: Options & { page: number; outcome?: (typeof rowOutcomes)[number] },
      ) => {
        const { limit, page, outcome } = options;
        const query = { importId, limit, page, ...(outcome && { outcome }) };
        const { data, total } = await connect(options).listImportRows(query);
        const more = (total ?? 0) - (page - 1) * limit - data.length;
        const rest = more > 0 ? `\nand ${formatCount(more)} more (--page ${page + 1})` : "";
        print(options.json, data, data.length === 0 ? "No rows." : rowLines(data) + rest);
      },
    );

  subcommand("errors", "download failed rows as CSV, to fix and import again")
    .argument("[file]", "output file (default: standard output)", "-")
    .action(async (importId: string, file: string, options: Options) => {
      await saveFile(await connect(options).fetchImportErrors({ importId }), file);
    });

  const followedSubcommand = (name: "apply" | "undo", description: string) =>
    subcommand(name, description)
      .option("--detach", "do not wait for the result")
      .action(async (importId: string, options: Options) => {
        const client = connect(options);
        const { data } =
          name === "apply" ? await client.applyImport({ importId }) : await client.undoImport({ importId });
        if (!options.detach) await waitAndReport(client, data.id, options);
        else print(options.json, data, importReport(data, [], nextSteps(data)));
      });
  followedSubcommand("apply", "run exactly the plan of a dry run");
  followedSubcommand("undo", "delete created customers and restore the values of updated ones");

  subcommand("cancel", "cancel an import; rows already written stay and can be undone").action(
    async (importId: string, options: Options) => {
      const { data } = await connect(options).cancelImport({ importId });
      const text =
        data.phase === "cancelled" ? "The import is cancelled." : "The import stops after its current step.";
      print(options.json, data, text);
    },
  );

  subcommand("follow", "show the progress of an import until it ends").action(
    async (importId: string, options: Options) => {
      await waitAndReport(connect(options), importId, options);
    },
  );

  return imports.addHelpText(
    "after",
    `
Examples:
  clientele imports list --phase failed
  clientele imports rows 68f2a1… --outcome failed
  clientele imports errors 68f2a1… errors.csv
  clientele imports undo 68f2a1…`,
  );
}

function importTable(jobs: readonly Item<"listImports">[]): string {
  if (jobs.length === 0) return "No imports.";
  const names = ["IMPORT", "SUBMITTED", "KIND", "PHASE", "CREATED", "UPDATED", "UNCHANGED", "FAILED", "FILE"];
  const rows = jobs.map((job) => [
    job.id,
    job.createdAt.replace("T", " ").replace(/:\d\dZ$/, ""),
    job.kind === "import" && job.dryRun ? "dry run" : job.kind,
    job.phase,
    ...[job.created, job.updated, job.unchanged, job.failed].map(formatCount),
    printable(job.file?.name ?? ""),
  ]);
  return table(names, rows);
}
