import { Command } from "commander";
import { changesCommand } from "./changes/changes-command.ts";
import { customerCommand } from "./customers/customer-command.ts";
import { demoCommand } from "./demo/command.ts";
import { exportCommand } from "./exports/export-command.ts";
import { importCommand } from "./imports/import-command.ts";
import { importsCommand } from "./imports/imports-command.ts";
import { operatorCommands } from "./operator/index.ts";
import { sentenceOf } from "./sentence.ts";
import { note } from "./terminal.ts";
import { tokenCommand } from "./token.ts";
import { webhookCommand } from "./webhooks/webhook-command.ts";

const program = new Command("clientele")
  .description("One customer record for every branch: a self-hosted registry of enterprise customers.")
  .showHelpAfterError("(add --help to see how it is used)")
  .addHelpText(
    "after",
    `
Settings, the same as the service's:
  CLIENTELE_DATA  folder of the embedded database and of first-app.json (data/clientele in the checkout)
  DATABASE_URL    a PostgreSQL server instead of the embedded one`,
  );

for (const command of [
  importCommand(),
  importsCommand(),
  exportCommand(),
  changesCommand(),
  customerCommand(),
  demoCommand(),
  tokenCommand(),
  webhookCommand(),
])
  program.addCommand(command.helpGroup("Over the API of a running service:"));
for (const command of operatorCommands()) program.addCommand(command.helpGroup("For the operator:"));
inheritSettings(program);

// Whoever read the answer may have gone (`clientele token | head`).
for (const output of [process.stdout, process.stderr]) output.on("error", () => undefined);

try {
  await program.parseAsync();
} catch (error) {
  note(sentenceOf(error) ?? (error as Error).stack ?? String(error));
  process.exitCode = 1;
}

/** Errors of every command end with the same hint. */
function inheritSettings(parent: Command): void {
  for (const command of parent.commands) inheritSettings(command.copyInheritedSettings(parent));
}
