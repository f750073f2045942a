import { existsSync, readFileSync } from "node:fs";
import { type Client, createClient } from "@clientele/sdk";
import { firstAppFile, OperatorError, readConfig } from "@clientele/server";
import { type Command, Option } from "commander";
import { jsonOption } from "./print.ts";

/** Address and app credentials, from the command line or the environment. */
export type Connection = { url: string; appId?: string; appSecretFile?: string; json?: true };

/** Heading in the help of commands with several groups of options. */
export const connectionOptionsGroup = "Connection and output:";

/** Adds the options that every command calling the service has. */
export const withConnectionOptions = (command: Command): Command =>
  command
    .addOption(
      new Option("--url <address>", "address of the service")
        .env("CLIENTELE_URL")
        .default(`http://127.0.0.1:${process.env["PORT"] || 3030}`),
    )
    .addOption(
      new Option("--app-id <id>", "app to authenticate as (default: the one in first-app.json)").env(
        "CLIENTELE_APP_ID",
      ),
    )
    .addOption(
      new Option("--app-secret-file <file>", "file with the app's secret (or set CLIENTELE_APP_SECRET)"),
    )
    .option(...jsonOption);

export function connect(connection: Connection): Client {
  const { url } = connection;
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw new OperatorError(`--url is "${url}": it must be an address such as http://127.0.0.1:3030.`);
  // Four tries from 150 ms on: an unreachable service is reported within about a second.
  const retry = { triesMax: 4, delayMs: 150 };
  return createClient({ baseUrl: url, retry, ...credentialsOf(connection) });
}

type Credentials = { appId: string; appSecret: string };

export function credentialsOf({ appId, appSecretFile }: Connection): Credentials {
  const appSecret = appSecretFile
    ? readText(appSecretFile, "--app-secret-file").trim()
    : process.env["CLIENTELE_APP_SECRET"];
  if (appId && appSecret) return { appId, appSecret };
  if (appId)
    throw new OperatorError(
      "The app's secret is missing: set CLIENTELE_APP_SECRET, or give --app-secret-file.",
    );
  if (appSecret) throw new OperatorError("The app's id is missing: set CLIENTELE_APP_ID, or give --app-id.");
  return firstApp();
}

/** Credentials in `first-app.json`, which the first start of the service writes. */
function firstApp(): Credentials {
  const path = firstAppFile(readConfig().dataFolder);
  if (!existsSync(path))
    throw new OperatorError(
      `No app credentials. Set CLIENTELE_APP_ID and CLIENTELE_APP_SECRET, or start Clientele once (npm start), which writes ${path}.`,
    );
  const text = readText(path, "The first app's credentials file");
  try {
    const { appId, appSecret } = JSON.parse(text) as Partial<Credentials>;
    if (appId && appSecret) return { appId, appSecret };
  } catch {
    // Reported below.
  }
  throw new OperatorError(
    `${path} does not contain an app id and secret. Restart Clientele with a new data folder, or set CLIENTELE_APP_ID and CLIENTELE_APP_SECRET.`,
  );
}

function readText(path: string, what: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "does not exist" : `cannot be read (${code})`;
    throw new OperatorError(`${what}, ${path}, ${reason}.`, { cause });
  }
}
