import { timestampOf } from "@clientele/contract/formats";
import { createEnterprise, listEnterprises } from "@clientele/server";
import { Command } from "commander";
import { day, jsonOption, print, table } from "../print.ts";
import { withInstallation } from "./installation.ts";

type Options = { json?: true };

export function enterpriseCommand(): Command {
  const command = new Command("enterprise").description(
    "manage enterprises, the owners of customers, branches and apps",
  );

  command
    .command("create")
    .description("create an enterprise with the standard fields; add an app with `clientele app create`")
    .argument("<name>", "display name")
    .option(...jsonOption)
    .action(async (name: string, { json }: Options) => {
      const enterpriseId = await withInstallation(
        ({ operator, now }) => createEnterprise(operator, name, now),
        { createIfMissing: true },
      );
      print(json, { enterpriseId, name: name.trim() }, `Enterprise ${enterpriseId} created.`);
    });

  command
    .command("list")
    .description("list the enterprises of this installation")
    .option(...jsonOption)
    .action(async ({ json }: Options) => {
      const enterprises = await withInstallation(({ operator }) => listEnterprises(operator));
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
