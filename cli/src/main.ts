import { sentenceOf } from "@clientele/server";
import { Command } from "commander";
import { operatorCommands } from "./operator/index.ts";

const program = new Command("clientele")
  .description("One customer record for every branch: a self-hosted registry of enterprise customers.")
  .showHelpAfterError("(add --help to see how it is used)")
  .addHelpText(
    "after",
    `
Settings, the same as the service's:
  CLIENTELE_DATA  folder of the embedded database (data/clientele in the checkout)
  DATABASE_URL    a PostgreSQL server instead of the embedded one`,
  );

for (const command of operatorCommands()) program.addCommand(command.helpGroup("For the operator:"));

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${sentenceOf(error) ?? (error as Error).stack ?? String(error)}\n`);
  process.exitCode = 1;
}
