import { timestampOf } from "@clientele/contract/formats";
import { type Scope, scopes as scopesOfApps } from "@clientele/contract/route";
import { type App, allScopes, createApp, listApps, revokeApp, rotateApp } from "@clientele/server";
import { Command, Option } from "commander";
import { chosenEnterprise, enterpriseOption } from "./chosen-enterprise.ts";
import { day, jsonOption, print, table } from "./print.ts";
import { onInstallation } from "./run.ts";

type Options = { enterprise?: string; json?: true };
type CreateOptions = Options & { scope?: Scope[]; company?: string[] };

export function appCommand(): Command {
  const command = new Command("app").description("apps: the programs that call the API, and their secrets");

  command
    .command("create")
    .description("make an app and show its secret, this once")
    .argument("<name>", "what it is called, for people")
    .option(...enterpriseOption)
    .addOption(
      new Option("-s, --scope <scope...>", "what it may do; all but ADMIN when left out").choices(
        scopesOfApps,
      ),
    )
    .option("-c, --company <id...>", "the branches it may act for; all when left out")
    .option(...jsonOption)
    .action(async (name: string, { json, enterprise, scope, company }: CreateOptions) => {
      const scopes = scope ? scopesOfApps.filter((it) => scope.includes(it)) : allScopes;
      const companyIds = company ?? null;
      const app = await onInstallation(async (installation) => {
        const { operator, now } = installation;
        const enterpriseId = await chosenEnterprise(installation, enterprise);
        const made = await createApp(operator, enterpriseId, { name, scopes, companyIds }, now);
        return { ...made, enterpriseId, name: name.trim(), scopes, companyIds };
      });
      print(json, app, credentials("The app is made. Its secret is shown this once:", app));
    });

  command
    .command("list")
    .description("list the apps of an enterprise, without their secrets")
    .option(...enterpriseOption)
    .option(...jsonOption)
    .action(async ({ json, enterprise }: Options) => {
      const apps = await onInstallation(async (installation) =>
        listApps(installation.operator, await chosenEnterprise(installation, enterprise)),
      );
      print(
        json,
        apps.map(facts),
        table(["APP", "CREATED", "SCOPES", "COMPANIES", "STATE", "NAME"], apps.map(row)),
      );
    });

  command
    .command("rotate")
    .description("give an app a new secret; the old one and its tokens stop at once")
    .argument("<appId>", "the app, as `clientele app list` shows it")
    .option(...enterpriseOption)
    .option(...jsonOption)
    .action(async (appId: string, { json, enterprise }: Options) => {
      const app = await onInstallation(async (installation) => {
        const { operator, now } = installation;
        const enterpriseId = await chosenEnterprise(installation, enterprise);
        return { ...(await rotateApp(operator, enterpriseId, appId, now)), enterpriseId };
      });
      print(json, app, credentials("The old secret has stopped. The new one is shown this once:", app));
    });

  command
    .command("revoke")
    .description("end an app for good; its secret and its tokens stop at once")
    .argument("<appId>", "the app, as `clientele app list` shows it")
    .option(...enterpriseOption)
    .option(...jsonOption)
    .action(async (appId: string, { json, enterprise }: Options) => {
      const enterpriseId = await onInstallation(async (installation) => {
        const { operator, now } = installation;
        const chosen = await chosenEnterprise(installation, enterprise);
        await revokeApp(operator, chosen, appId, now);
        return chosen;
      });
      print(json, { appId, enterpriseId, revoked: true }, `App ${appId} is revoked.`);
    });

  return command;
}

const credentials = (headline: string, { appId, appSecret }: { appId: string; appSecret: string }): string =>
  `${headline}\n  app id      ${appId}\n  app secret  ${appSecret}`;

function row({ id, createdAt, scopes, companyIds, revokedAt, rotatedAt, name }: App): string[] {
  const state = revokedAt ? `revoked ${day(revokedAt)}` : rotatedAt ? `rotated ${day(rotatedAt)}` : "";
  return [id, day(createdAt), scopes.join(" "), companyIds ? `${companyIds.length}` : "all", state, name];
}

const facts = ({ id, name, scopes, companyIds, createdAt, rotatedAt, revokedAt }: App) => ({
  appId: id,
  name,
  scopes,
  companyIds,
  createdAt: timestampOf(createdAt),
  rotatedAt: rotatedAt && timestampOf(rotatedAt),
  revokedAt: revokedAt && timestampOf(revokedAt),
});
