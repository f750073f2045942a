import { Command } from "commander";
import { type Connection, connect, withConnectionOptions } from "../connection.ts";
import { parseCount } from "../parse-count.ts";
import { print } from "../print.ts";
import { startCounter } from "../terminal.ts";
import type { Dataset } from "./dataset.ts";
import { demoSummary, type Hints } from "./demo-summary.ts";
import { writeDataset } from "./write-dataset.ts";

type Options = Connection & { customers: number };

/** Loads a dataset module only when its command runs: the names of 13 countries take time and memory to load. */
export function demoCommand(): Command {
  const demo = withConnectionOptions(new Command("demo"))
    .description("fill the enterprise with generated customers or a well-known sample dataset")
    .usage("[options] [chinook <folder> | febrl <file>]")
    .option("--customers <count>", "number of generated customers", parseCount, 2_000)
    .action(async (options: Options) => {
      const client = connect(options);
      const branches = await Array.fromAsync(client.each("listCompanies"));
      const { peopleDataset: people } = await import("./people.ts");
      const hints = { events: "bookings", search: "zoe", customer: "demo-0001" };
      await writeDemo(people(options.customers, branches), options, hints);
    })
    .addHelpText("after", "\nSafe to run again: customers and events are matched by external ID.");

  withConnectionOptions(demo.command("chinook"))
    .description("import the customers of the Chinook sample store, with their invoices as events")
    .argument("<folder>", "folder with customers.csv and invoices.csv")
    .action(async (folder: string, _: object, command: Command) => {
      const { chinookDataset: chinook } = await import("./chinook.ts");
      const hints = { events: "invoices", search: "köhler", customer: "2" };
      await writeDemo(chinook(folder), command.optsWithGlobals<Options>(), hints);
    });

  withConnectionOptions(demo.command("febrl"))
    .description("import a FEBRL dataset, which contains duplicates with errors")
    .argument("<file>", "dataset1.csv, dataset2.csv, …")
    .action(async (file: string, _: object, command: Command) => {
      const { febrlDataset: febrl } = await import("./febrl.ts");
      const dataset = febrl(file);
      const hints = { events: "events", search: "white", customer: dataset.customers[0]?.externalId ?? "" };
      await writeDemo(dataset, command.optsWithGlobals<Options>(), hints);
    });
  return demo;
}

async function writeDemo(dataset: Dataset, options: Options, hints: Hints): Promise<void> {
  const report = await writeDataset(connect(options), dataset, startCounter);
  print(options.json, report, demoSummary(report, options.url, hints));
  if (report.failures.length > 0) process.exitCode = 1;
}
