import { Command } from "commander";
import { type Connection, connect, connecting } from "../connection.ts";
import { countOf } from "../count-of.ts";
import { print } from "../operator/print.ts";
import { startProgress } from "../terminal.ts";
import type { Dataset } from "./dataset.ts";
import { fill } from "./fill.ts";
import { type Shown, summary } from "./summary.ts";

type Options = Connection & { customers: number };

/** Each kind of data is read or made when its command runs: the names of a dozen countries weigh something. */
export function demoCommand(): Command {
  const demo = connecting(new Command("demo"))
    .description("fill the enterprise with people who do not exist, or with well-known sample data")
    .usage("[options] [chinook <folder> | febrl <file>]")
    .option("--customers <count>", "how many people", countOf, 2_000)
    .action(async (options: Options) => {
      const client = connect(options);
      const branches = await Array.fromAsync(client.each("listCompanies"));
      const { people } = await import("./people.ts");
      const shown = { events: "bookings", search: "zoe", customer: "demo-0001" };
      await write(people(options.customers, branches), options, shown);
    })
    .addHelpText(
      "after",
      "\nRun again it repeats nothing: what is there by external id is updated or left as it is.",
    );

  connecting(demo.command("chinook"))
    .description("the customers of the Chinook sample store, and their invoices as events")
    .argument("<folder>", "holds customers.csv and invoices.csv")
    .action(async (folder: string, _: object, command: Command) => {
      const { chinook } = await import("./chinook.ts");
      const shown = { events: "invoices", search: "köhler", customer: "2" };
      await write(chinook(folder), command.optsWithGlobals<Options>(), shown);
    });

  connecting(demo.command("febrl"))
    .description("the people of a FEBRL data set, many of them more than once and with errors")
    .argument("<file>", "dataset1.csv, dataset2.csv, …")
    .action(async (file: string, _: object, command: Command) => {
      const { febrl } = await import("./febrl.ts");
      const dataset = febrl(file);
      const shown = { events: "events", search: "white", customer: dataset.customers[0]?.externalId ?? "" };
      await write(dataset, command.optsWithGlobals<Options>(), shown);
    });
  return demo;
}

async function write(dataset: Dataset, options: Options, shown: Shown): Promise<void> {
  const report = await fill(connect(options), dataset, startProgress);
  print(options.json, report, summary(report, options.url, shown));
  if (report.failures.length > 0) process.exitCode = 1;
}
