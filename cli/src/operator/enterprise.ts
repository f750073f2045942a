import { timestampOf } from "@clientele/contract/formats";
import { createEnterprise, listEnterprises } from "@clientele/server";
import { Command } from "commander";
import { day, jsonOption, print, table } from "./print.ts";
import { onInstallation } from "./run.ts";

type Options = { json?: true };

export function enterpriseCommand(): Command {
  const command = new Command("enterprise").description(
    "enterprises: whoever owns customers, branches and apps",
  );

  command
    .command("create")
    .description("found an enterprise with the default fields; its first app comes by `clientele app create`")
    .argument("<name>", "what it is called")
    .option(...jsonOption)
    .action(async (name: string, { json }: Options) => {
      const enterpriseId = await onInstallation(
        ({ operator, now }) => createEnterprise(operator, name, now),
        { mayBeNew: true },
      );
      print(json, { enterpriseId, name: name.trim() }, `Enterprise ${enterpriseId} is founded.`);
    });

  command
    .command("list")
    .description("list all enterprises of this installation")
    .option(...jsonOption)
    .action(async ({ json }: Options) => {
      const enterprises = await onInstallation(({ operator }) => listEnterprises(operator));
      print(
        json,
        enterprises.map(({ id, name, createdAt }) => ({
          enterpriseId: id,
          name,
          createdAt: timestampOf(createdAt),
        })),
        table(
          ["ENTERPRISE", "CREATED", "NAME"],
          enterprises.map(({ id, createdAt, name }) => [id, day(createdAt), name]),
        ),
      );
    });

  return command;
}
