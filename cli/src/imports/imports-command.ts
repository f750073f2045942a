import { type ImportPhase, importPhases, rowOutcomes } from "@clientele/contract/import-jobs";
import type { Item } from "@clientele/sdk";
import { Command, Option } from "commander";
import { type Connection, connect, connecting } from "../connection.ts";
import { countOf } from "../count-of.ts";
import { count } from "../measures.ts";
import { print, table } from "../operator/print.ts";
import { save } from "../save.ts";
import { shown } from "../terminal.ts";
import { finish } from "./finish.ts";
import { firstFaults, nextOf, reportOf } from "./report.ts";
import { rowLines } from "./rows-report.ts";

type Options = Connection & { detach?: true; limit: number };

/** What has become of imports, and what can be done with them. */
export function importsCommand(): Command {
  const imports = new Command("imports").description("imports so far: their rows, errors and undoing");
  const one = (name: string, description: string) =>
    connecting(imports.command(name))
      .description(description)
      .argument("<import>", "its id, as `clientele imports list` shows it");

  connecting(imports.command("list"))
    .description("list imports, newest first")
    .addOption(new Option("--phase <phase>", "only those in this phase").choices(importPhases))
    .option("--limit <count>", "how many", countOf, 20)
    .action(async (options: Options & { phase?: ImportPhase }) => {
      const { phase, limit } = options;
      const { data, total } = await connect(options).listImports({ limit, ...(phase && { phase }) });
      const more = (total ?? 0) - data.length;
      print(options.json, data, `${listOf(data)}${more > 0 ? `\nand ${count(more)} more` : ""}`);
    });

  one("show", "show what an import has come to, or how far it is").action(
    async (importId: string, options: Options) => {
      const client = connect(options);
      const { data: job } = await client.fetchImport({ importId });
      const faults = options.json ? [] : await firstFaults(client, job);
      print(options.json, job, reportOf(job, faults, nextOf(job)));
    },
  );

  one("rows", "show what became of each row; of a dry run also what would change")
    .addOption(new Option("--outcome <outcome>", "only those that").choices(rowOutcomes))
    .option("--limit <count>", "how many", countOf, 50)
    .option("--page <number>", "the first, the next, …", countOf, 1)
    .action(
      async (
        importId: string,
        options: Options & { page: number; outcome?: (typeof rowOutcomes)[number] },
      ) => {
        const { limit, page, outcome } = options;
        const query = { importId, limit, page, ...(outcome && { outcome }) };
        const { data, total } = await connect(options).listImportRows(query);
        const more = (total ?? 0) - (page - 1) * limit - data.length;
        const rest = more > 0 ? `\nand ${count(more)} more (--page ${page + 1})` : "";
        print(options.json, data, data.length === 0 ? "There are no such rows." : rowLines(data) + rest);
      },
    );

  one("errors", "fetch the rows that failed as a CSV file, to be mended and imported again")
    .argument("[file]", "where to; standard output when left out", "-")
    .action(async (importId: string, file: string, options: Options) => {
      await save(await connect(options).fetchImportErrors({ importId }), file);
    });

  const follows = (name: "apply" | "undo", description: string) =>
    one(name, description)
      .option("--detach", "do not wait for its end")
      .action(async (importId: string, options: Options) => {
        const client = connect(options);
        const { data } =
          name === "apply" ? await client.applyImport({ importId }) : await client.undoImport({ importId });
        if (!options.detach) await finish(client, data.id, options);
        else print(options.json, data, reportOf(data, [], nextOf(data)));
      });
  follows("apply", "do what a dry run has planned, exactly that");
  follows("undo", "put created customers away and give changed ones their values back");

  one("cancel", "stop an import; what it has written stays, and can be undone").action(
    async (importId: string, options: Options) => {
      const { data } = await connect(options).cancelImport({ importId });
      const text = data.phase === "cancelled" ? "It is cancelled." : "It ends at its next step.";
      print(options.json, data, text);
    },
  );

  one("follow", "watch an import to its end").action(async (importId: string, options: Options) => {
    await finish(connect(options), importId, options);
  });

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

function listOf(jobs: readonly Item<"listImports">[]): string {
  if (jobs.length === 0) return "There are no imports.";
  const names = ["IMPORT", "SENT", "WHAT", "PHASE", "CREATED", "UPDATED", "UNCHANGED", "FAILED", "FILE"];
  const rows = jobs.map((job) => [
    job.id,
    job.createdAt.replace("T", " ").replace(/:\d\dZ$/, ""),
    job.kind === "import" && job.dryRun ? "dry run" : job.kind,
    job.phase,
    ...[job.created, job.updated, job.unchanged, job.failed].map(count),
    shown(job.file?.name ?? ""),
  ]);
  return table(names, rows);
}
