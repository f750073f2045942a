import type { Item } from "@clientele/sdk";
import { Command, Option } from "commander";
import { type Connection, connect, withConnectionOptions } from "../connection.ts";
import { formatCount } from "../format-numbers.ts";
import { parseCount } from "../parse-count.ts";
import { print } from "../print.ts";
import { printable } from "../terminal.ts";

type AddressOptions = Connection & { external?: true; asOf?: string };
type HistoryOptions = AddressOptions & { limit: number };
type RestoreOptions = AddressOptions & { version?: number };

export function customerCommand(): Command {
  const customer = new Command("customer").description("show or restore the history of one customer");
  const subcommand = (name: string, description: string) =>
    withConnectionOptions(customer.command(name))
      .description(description)
      .argument("<customer>", "customer id")
      .option("--external", "<customer> is an external ID");
  const asOf = (description: string) => new Option("--as-of <time>", description);

  subcommand("history", "list the changes of a customer, newest first; also of a deleted customer")
    .addOption(asOf("up to this time, or to the end of this date"))
    .option("--limit <count>", "number of entries", parseCount, 20)
    .action(async (customerId: string, options: HistoryOptions) => {
      const { limit } = options;
      const { data, total } = await connect(options).listHistory({
        ...addressOf(customerId, options),
        limit,
      });
      const more = (total ?? 0) - data.length;
      const lines = data.map(formatEntry).join("\n");
      print(options.json, data, `${lines}${more > 0 ? `\nand ${formatCount(more)} more` : ""}`);
    });

  subcommand("restore", "restore an earlier version; by default the last version of a deleted customer")
    .addOption(new Option("--version <number>", "version to restore").argParser(parseCount).conflicts("asOf"))
    .addOption(asOf("restore the state at this time, or at the end of this date"))
    .action(async (customerId: string, options: RestoreOptions) => {
      const { version } = options;
      const { as_of, ...address } = addressOf(customerId, options);
      const body = { ...(version !== undefined && { version }), ...(as_of !== undefined && { as_of }) };
      const { data } = await connect(options).restoreCustomer({ ...address, body });
      print(options.json, data, `Customer ${data.id} (${printable(data.fullName)}) is restored.`);
    });

  return customer;
}

const addressOf = (customerId: string, { external, asOf }: AddressOptions) => ({
  customerId,
  ...(external && { external }),
  ...(asOf !== undefined && { as_of: asOf }),
});

function formatEntry({ at, kind, version, appName, reason, changes }: Item<"listHistory">): string {
  const head = [at, `version ${version}`, kind, reason, printable(appName)].filter((part) => part !== "");
  const changeLines = changes.map(
    ({ attribute, label, before, after }) =>
      `    ${printable(label || attribute)}: ${formatValue(before)} -> ${formatValue(after)}`,
  );
  return [head.join("  "), ...changeLines].join("\n");
}

const formatValue = (value: unknown): string =>
  value === null ? "(empty)" : printable(typeof value === "string" ? value : JSON.stringify(value));
