import { timestampOf } from "@clientele/contract/formats";
import { createCompany, listCompanies } from "@clientele/server";
import { Command } from "commander";
import { chosenEnterprise, enterpriseOption } from "./chosen-enterprise.ts";
import { day, jsonOption, print, table } from "./print.ts";
import { onInstallation } from "./run.ts";

type Options = { enterprise?: string; json?: true };

export function companyCommand(): Command {
  const command = new Command("company").description("companies: the branches of an enterprise");

  command
    .command("create")
    .description("add a branch to an enterprise")
    .argument("<name>", "what it is called; unique in the enterprise")
    .option(...enterpriseOption)
    .option("--external-id <id>", "what another system calls it")
    .option(...jsonOption)
    .action(async (name: string, { json, externalId, ...options }: Options & { externalId?: string }) => {
      const company = await onInstallation(async (installation) => {
        const { operator, now } = installation;
        const enterpriseId = await chosenEnterprise(installation, options.enterprise);
        const request = { name, externalId: externalId ?? null };
        const companyId = await createCompany(operator, enterpriseId, request, now);
        return { companyId, enterpriseId, name: name.trim(), externalId: externalId || null };
      });
      print(json, company, `Company ${company.companyId} is added to enterprise ${company.enterpriseId}.`);
    });

  command
    .command("list")
    .description("list the branches of an enterprise")
    .option(...enterpriseOption)
    .option(...jsonOption)
    .action(async ({ json, enterprise }: Options) => {
      const companies = await onInstallation(async (installation) =>
        listCompanies(installation.operator, await chosenEnterprise(installation, enterprise)),
      );
      print(
        json,
        companies.map(({ id, name, externalId, createdAt }) => ({
          companyId: id,
          name,
          externalId,
          createdAt: timestampOf(createdAt),
        })),
        table(
          ["COMPANY", "CREATED", "EXTERNAL ID", "NAME"],
          companies.map(({ id, createdAt, externalId, name }) => [
            id,
            day(createdAt),
            externalId ?? "",
            name,
          ]),
        ),
      );
    });

  return command;
}
