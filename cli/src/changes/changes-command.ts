import { feedSubjects } from "@clientele/contract/changes";
import type { Change } from "@clientele/sdk";
import { Command, Option } from "commander";
import { type Connection, connect, withConnectionOptions } from "../connection.ts";
import { print } from "../print.ts";
import { note, printable } from "../terminal.ts";

type Options = Connection & {
  follow?: true;
  from?: "beginning" | "now";
  cursor?: string;
  subject?: (typeof feedSubjects)[number][];
};

export function changesCommand(): Command {
  const command = new Command("changes")
    .description("list the changes of all records, oldest first")
    .option("--follow", "wait for new changes until interrupted")
    .addOption(
      new Option("--from <place>", "where to start").choices(["beginning", "now"]).conflicts("cursor"),
    )
    .option("--cursor <cursor>", "continue where an earlier run ended")
    .addOption(
      new Option("--subject <kinds...>", "only changes of these kinds of record").choices(feedSubjects),
    );
  return withConnectionOptions(command)
    .action(run)
    .addHelpText(
      "after",
      `
Examples:
  clientele changes --subject customer
  clientele changes --follow --from now --json | jq -r .subjectId`,
    );
}

async function run({ follow, from, cursor, subject, json, ...connection }: Options): Promise<void> {
  let nextCursor: string | undefined;
  const changes = connect(connection).changes({
    ...(cursor !== undefined && { cursor }),
    ...(from && { from }),
    ...(subject && { subject }),
    once: !follow,
    onPage: (next) => {
      nextCursor = next;
    },
  });
  for await (const change of changes) print(json, change, formatChange(change));
  note(`To continue from here: --cursor ${nextCursor}`);
}

const formatChange = ({ at, subject, kind, subjectId, version, appName, reason }: Change): string =>
  [at, subject, kind, subjectId, ...(version > 0 ? [`version ${version}`] : []), printable(appName), reason]
    .filter((part) => part !== "")
    .join("  ");
