import type { Command } from "commander";
import { appCommand } from "./app-command.ts";
import { companyCommand } from "./company-command.ts";
import { enterpriseCommand } from "./enterprise-command.ts";
import { peopleCommand } from "./people-command.ts";

/** Commands for the operator: they use the database directly, whether or not the service runs. */
export const operatorCommands = (): Command[] => [
  enterpriseCommand(),
  companyCommand(),
  appCommand(),
  peopleCommand(),
];
