import { timestampOf } from "@clientele/contract/formats";
import { createCompany, listCompanies } from "@clientele/server";
import { Command } from "commander";
import { day, jsonOption, print, table } from "../print.ts";
import { enterpriseOption, resolveEnterprise } from "./enterprise-option.ts";
import { withInstallation } from "./installation.ts";

type Options = { enterprise?: string; json?: true };

export function companyCommand(): Command {
  const command = new Command("company").description("manage companies, the branches of an enterprise");

  command
    .command("create")
    .description("add a branch to an enterprise")
    .argument("<name>", "name, unique in the enterprise")
    .option(...enterpriseOption)
    .option("--external-id <id>", "id in another system")
    .option(...jsonOption)
    .action(async (name: string, { json, externalId, ...options }: Options & { externalId?: string }) => {
      const company = await withInstallation(async (installation) => {
        const { operator, now } = installation;
        const enterpriseId = await resolveEnterprise(installation, options.enterprise);
        const request = { name, externalId: externalId ?? null };
        const companyId = await createCompany(operator, enterpriseId, request, now);
        return { companyId, enterpriseId, name: name.trim(), externalId: externalId || null };
      });
      print(json, company, `Company ${company.companyId} created in enterprise ${company.enterpriseId}.`);
    });

  command
    .command("list")
    .description("list the branches of an enterprise")
    .option(...enterpriseOption)
    .option(...jsonOption)
    .action(async ({ json, enterprise }: Options) => {
      const companies = await withInstallation(async (installation) =>
        listCompanies(installation.operator, await resolveEnterprise(installation, enterprise)),
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
