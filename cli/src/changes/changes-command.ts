import { feedSubjects } from "@clientele/contract/changes";
import type { Change } from "@clientele/sdk";
import { Command, Option } from "commander";
import { type Connection, connect, connecting } from "../connection.ts";
import { print } from "../operator/print.ts";
import { note, shown } from "../terminal.ts";

type Options = Connection & {
  follow?: true;
  from?: "beginning" | "now";
  cursor?: string;
  subject?: (typeof feedSubjects)[number][];
};

export function changesCommand(): Command {
  const command = new Command("changes")
    .description("what has happened to every record, one line each, the oldest first")
    .option("--follow", "wait for what comes, until interrupted")
    .addOption(
      new Option("--from <place>", "where to begin").choices(["beginning", "now"]).conflicts("cursor"),
    )
    .option("--cursor <cursor>", "go on where an earlier run has ended")
    .addOption(new Option("--subject <kinds...>", "only of these").choices(feedSubjects));
  return connecting(command)
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
  let reached: string | undefined;
  const changes = connect(connection).changes({
    ...(cursor !== undefined && { cursor }),
    ...(from && { from }),
    ...(subject && { subject }),
    once: !follow,
    onPage: (next) => {
      reached = next;
    },
  });
  for await (const change of changes) print(json, change, lineOf(change));
  note(`To go on from here: --cursor ${reached}`);
}

const lineOf = ({ at, subject, kind, subjectId, version, appName, reason }: Change): string =>
  [at, subject, kind, subjectId, ...(version > 0 ? [`version ${version}`] : []), shown(appName), reason]
    .filter((part) => part !== "")
    .join("  ");
