import { Command } from "commander";
import { changesCommand } from "./changes/changes-command.ts";
import { customerCommand } from "./customers/customer-command.ts";
import { demoCommand } from "./demo/demo-command.ts";
import { errorMessage } from "./error-message.ts";
import { exportCommand } from "./exports/export-command.ts";
import { importCommand } from "./imports/import-command.ts";
import { importsCommand } from "./imports/imports-command.ts";
import { operatorCommands } from "./operator/operator-commands.ts";
import { note } from "./terminal.ts";
import { tokenCommand } from "./token-command.ts";
import { webhookCommand } from "./webhooks/webhook-command.ts";

const program = new Command("clientele")
  .description("Command line for Clientele, the self-hosted registry of enterprise customers.")
  .showHelpAfterError("(add --help for usage)")
  .addHelpText(
    "after",
    `
Environment of commands that call the API:
  CLIENTELE_URL         address of the service (default: http://127.0.0.1:3030, or the port in PORT)
  CLIENTELE_APP_ID, CLIENTELE_APP_SECRET
                        app to authenticate as (default: the one in first-app.json)

Environment of both, the same as the service's:
  CLIENTELE_DATA        folder of the embedded database and first-app.json (default: data/clientele in the checkout)
  DATABASE_URL          PostgreSQL server to use instead of the embedded one`,
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
  program.addCommand(command.helpGroup("Commands that call the API of a running service:"));
for (const command of operatorCommands())
  program.addCommand(command.helpGroup("Operator commands (use the database directly):"));
inheritSettings(program);

// A closed pipe is not an error (`clientele changes | head`).
for (const output of [process.stdout, process.stderr]) output.on("error", () => undefined);

try {
  await program.parseAsync();
} catch (error) {
  note(errorMessage(error) ?? (error as Error).stack ?? String(error));
  process.exitCode = 1;
}

/** Applies the usage hint to the errors of every subcommand. */
function inheritSettings(parent: Command): void {
  for (const command of parent.commands) inheritSettings(command.copyInheritedSettings(parent));
}
