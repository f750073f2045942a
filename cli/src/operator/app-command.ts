import { timestampOf } from "@clientele/contract/formats";
import { type Scope, scopes as scopesOfApps } from "@clientele/contract/route";
import { type App, allScopes, createApp, listApps, revokeApp, rotateApp } from "@clientele/server";
import { Command, Option } from "commander";
import { day, jsonOption, print, table } from "../print.ts";
import { enterpriseOption, resolveEnterprise } from "./enterprise-option.ts";
import { withInstallation } from "./installation.ts";

type Options = { enterprise?: string; json?: true };
type CreateOptions = Options & { scope?: Scope[]; company?: string[] };

export function appCommand(): Command {
  const command = new Command("app").description(
    "manage apps: programs that call the API, and their secrets",
  );

  command
    .command("create")
    .description("create an app and show its secret once")
    .argument("<name>", "display name")
    .option(...enterpriseOption)
    .addOption(
      new Option("-s, --scope <scope...>", "scopes to grant (default: all but ADMIN)").choices(scopesOfApps),
    )
    .option("-c, --company <id...>", "companies (branches) it may act for (default: all)")
    .option(...jsonOption)
    .action(async (name: string, { json, enterprise, scope, company }: CreateOptions) => {
      const scopes = scope ? scopesOfApps.filter((scopesOfApp) => scope.includes(scopesOfApp)) : allScopes;
      const companyIds = company ?? null;
      const app = await withInstallation(async (installation) => {
        const { operator, now } = installation;
        const enterpriseId = await resolveEnterprise(installation, enterprise);
        const created = await createApp(operator, enterpriseId, { name, scopes, companyIds }, now);
        return { ...created, enterpriseId, name: name.trim(), scopes, companyIds };
      });
      print(json, app, credentialsText("App created. Its secret is shown only once:", app));
    });

  command
    .command("list")
    .description("list the apps of an enterprise")
    .option(...enterpriseOption)
    .option(...jsonOption)
    .action(async ({ json, enterprise }: Options) => {
      const apps = await withInstallation(async (installation) =>
        listApps(installation.operator, await resolveEnterprise(installation, enterprise)),
      );
      print(
        json,
        apps.map(appJson),
        table(["APP", "CREATED", "SCOPES", "COMPANIES", "STATE", "NAME"], apps.map(row)),
      );
    });

  command
    .command("rotate")
    .description("replace the secret of an app; the old secret and its tokens stop working at once")
    .argument("<appId>", "app id, as shown by `clientele app list`")
    .option(...enterpriseOption)
    .option(...jsonOption)
    .action(async (appId: string, { json, enterprise }: Options) => {
      const app = await withInstallation(async (installation) => {
        const { operator, now } = installation;
        const enterpriseId = await resolveEnterprise(installation, enterprise);
        return { ...(await rotateApp(operator, enterpriseId, appId, now)), enterpriseId };
      });
      print(
        json,
        app,
        credentialsText("The old secret no longer works. The new secret is shown only once:", app),
      );
    });

  command
    .command("revoke")
    .description("revoke an app permanently; its secret and tokens stop working at once")
    .argument("<appId>", "app id, as shown by `clientele app list`")
    .option(...enterpriseOption)
    .option(...jsonOption)
    .action(async (appId: string, { json, enterprise }: Options) => {
      const enterpriseId = await withInstallation(async (installation) => {
        const { operator, now } = installation;
        const chosen = await resolveEnterprise(installation, enterprise);
        await revokeApp(operator, chosen, appId, now);
        return chosen;
      });
      print(json, { appId, enterpriseId, revoked: true }, `App ${appId} is revoked.`);
    });

  return command;
}

const credentialsText = (
  headline: string,
  { appId, appSecret }: { appId: string; appSecret: string },
): string => `${headline}\n  app id      ${appId}\n  app secret  ${appSecret}`;

function row({ id, createdAt, scopes, companyIds, revokedAt, rotatedAt, name }: App): string[] {
  const state = revokedAt ? `revoked ${day(revokedAt)}` : rotatedAt ? `rotated ${day(rotatedAt)}` : "";
  return [id, day(createdAt), scopes.join(" "), companyIds ? `${companyIds.length}` : "all", state, name];
}

const appJson = ({ id, name, scopes, companyIds, createdAt, rotatedAt, revokedAt }: App) => ({
  appId: id,
  name,
  scopes,
  companyIds,
  createdAt: timestampOf(createdAt),
  rotatedAt: rotatedAt && timestampOf(rotatedAt),
  revokedAt: revokedAt && timestampOf(revokedAt),
});
