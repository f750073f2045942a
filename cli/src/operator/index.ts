import type { Command } from "commander";
import { appCommand } from "./app.ts";
import { companyCommand } from "./company.ts";
import { enterpriseCommand } from "./enterprise.ts";
import { peopleCommand } from "./people.ts";

/** For whoever runs the installation: they work on its database, beside the service or without it. */
export const operatorCommands = (): Command[] => [
  enterpriseCommand(),
  companyCommand(),
  appCommand(),
  peopleCommand(),
];
