import { existsSync, readFileSync } from "node:fs";
import { type Client, createClient } from "@clientele/sdk";
import { firstAppFile, Refusal, readConfig } from "@clientele/server";
import { type Command, Option } from "commander";
import { jsonOption } from "./operator/print.ts";

/** Where the service is and which app calls it, as the command line and the environment say. */
export type Connection = { url: string; appId?: string; appSecretFile?: string; json?: true };

/** In the help of commands that have options in several groups. */
export const groupOfConnection = "Which service, and how it is answered:";

/** The options of every command that calls the service. */
export const connecting = (command: Command): Command =>
  command
    .addOption(
      new Option("--url <address>", "where the service runs")
        .env("CLIENTELE_URL")
        .default("http://127.0.0.1:3030"),
    )
    .addOption(
      new Option("--app-id <id>", "the app to call as; without it, the one in first-app.json").env(
        "CLIENTELE_APP_ID",
      ),
    )
    .addOption(
      new Option("--app-secret-file <file>", "a file with the app's secret; or set CLIENTELE_APP_SECRET"),
    )
    .option(...jsonOption);

export function connect(connection: Connection): Client {
  const { url } = connection;
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw new Refusal(`--url is "${url}": it must be an address such as http://127.0.0.1:3030.`);
  // A person waits: a service that is not there is told of within about a second.
  const retry = { triesMax: 4, delayMs: 150 };
  return createClient({ baseUrl: url, retry, ...credentialsOf(connection) });
}

type Credentials = { appId: string; appSecret: string };

export function credentialsOf({ appId, appSecretFile }: Connection): Credentials {
  const appSecret = appSecretFile
    ? read(appSecretFile, "--app-secret-file").trim()
    : process.env["CLIENTELE_APP_SECRET"];
  if (appId && appSecret) return { appId, appSecret };
  if (appId)
    throw new Refusal("The app's secret is missing: set CLIENTELE_APP_SECRET, or give --app-secret-file.");
  if (appSecret) throw new Refusal("The app's id is missing: set CLIENTELE_APP_ID, or give --app-id.");
  return firstApp();
}

/** The app that the first start of the service has made and written down. */
function firstApp(): Credentials {
  const path = firstAppFile(readConfig().dataFolder);
  if (!existsSync(path))
    throw new Refusal(
      `Which app calls? Set CLIENTELE_APP_ID and CLIENTELE_APP_SECRET, or start Clientele once (npm start): it writes ${path}.`,
    );
  const text = read(path, "The file of the first app");
  try {
    const { appId, appSecret } = JSON.parse(text) as Partial<Credentials>;
    if (appId && appSecret) return { appId, appSecret };
  } catch {
    // Told below.
  }
  throw new Refusal(`${path} holds no app id and secret, as Clientele writes them on its first start.`);
}

function read(path: string, what: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "is not there" : `cannot be read (${code})`;
    throw new Refusal(`${what}, ${path}, ${why}.`, { cause });
  }
}
