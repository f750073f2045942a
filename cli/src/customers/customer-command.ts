import type { Item } from "@clientele/sdk";
import { Command, Option } from "commander";
import { type Connection, connect, connecting } from "../connection.ts";
import { countOf } from "../count-of.ts";
import { count } from "../measures.ts";
import { print } from "../operator/print.ts";
import { shown } from "../terminal.ts";

type Asked = Connection & { external?: true; asOf?: string };
type HistoryOptions = Asked & { limit: number };
type RestoreOptions = Asked & { version?: number };

/** What happened to one customer, and the way back. */
export function customerCommand(): Command {
  const customer = new Command("customer").description("what happened to one customer, and the way back");
  const one = (name: string, description: string) =>
    connecting(customer.command(name))
      .description(description)
      .argument("<customer>", "its id")
      .option("--external", "the id is the external id");
  const asOf = (description: string) => new Option("--as-of <time>", description);

  one("history", "who changed it, when, from what to what, the newest first; of a deleted customer too")
    .addOption(asOf("until then: a time, or a date and its whole day"))
    .option("--limit <count>", "how many", countOf, 20)
    .action(async (customerId: string, options: HistoryOptions) => {
      const { limit } = options;
      const { data, total } = await connect(options).listHistory({ ...asked(customerId, options), limit });
      const more = (total ?? 0) - data.length;
      const lines = data.map(entryOf).join("\n");
      print(options.json, data, `${lines}${more > 0 ? `\nand ${count(more)} more` : ""}`);
    });

  one("restore", "make it again what it was; a deleted one without a version as it last was")
    .addOption(new Option("--version <number>", "as in this version").argParser(countOf).conflicts("asOf"))
    .addOption(asOf("as it was then: a time, or a date and the end of its day"))
    .action(async (customerId: string, options: RestoreOptions) => {
      const { version } = options;
      const { as_of, ...address } = asked(customerId, options);
      const body = { ...(version !== undefined && { version }), ...(as_of !== undefined && { as_of }) };
      const { data } = await connect(options).restoreCustomer({ ...address, body });
      print(options.json, data, `Customer ${data.id} (${shown(data.fullName)}) is again as it was.`);
    });

  return customer;
}

const asked = (customerId: string, { external, asOf }: Asked) => ({
  customerId,
  ...(external && { external }),
  ...(asOf !== undefined && { as_of: asOf }),
});

function entryOf({ at, kind, version, appName, reason, changes }: Item<"listHistory">): string {
  const head = [at, `version ${version}`, kind, reason, shown(appName)].filter((part) => part !== "");
  const told = changes.map(
    ({ attribute, label, before, after }) =>
      `    ${shown(label || attribute)}: ${toldValue(before)} -> ${toldValue(after)}`,
  );
  return [head.join("  "), ...told].join("\n");
}

const toldValue = (value: unknown): string =>
  value === null ? "(nothing)" : shown(typeof value === "string" ? value : JSON.stringify(value));
