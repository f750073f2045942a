import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { DatabasePlace } from "./database/open.ts";
import { type LogLevel, logLevels } from "./logging/log.ts";
import { OperatorError } from "./process/operator-error.ts";
import type { Oidc } from "./sign-in/better-auth.ts";
import { readAllowed } from "./webhooks/delivery/target.ts";

const consoles = ["on", "external", "off"] as const;

export type Config = {
  host: string;
  /** 0 for any free port. */
  port: number;
  /** Contains the embedded database and `first-app.json`. */
  dataFolder: string;
  database: DatabasePlace;
  logLevel: LogLevel;
  /** Hosts and networks that webhooks may call besides public addresses. */
  webhookAllow: string;
  /** The public URL without a trailing slash, when the service is behind a proxy. */
  publicUrl: string | null;
  /** The OpenID Connect issuer for sign-in. */
  oidc: Oidc | null;
  /** Retention of the journal in days; null for unlimited. */
  journalDays: number | null;
  /** Served by this process, by another one at `publicUrl`, or not at all. */
  console: (typeof consoles)[number];
};

const ownDataFolder = fileURLToPath(new URL("../../data/clientele", import.meta.url));

/**
 * Reads the settings of the service and the operator's commands; no other code reads the environment. An empty variable
 * counts as not set.
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const {
    PORT,
    HOST,
    CLIENTELE_DATA,
    LOG_LEVEL,
    CLIENTELE_JOURNAL_DAYS,
    CLIENTELE_WEBHOOK_ALLOW,
    CLIENTELE_CONSOLE,
    CLIENTELE_URL,
  } = environment;
  const dataFolder = resolve(CLIENTELE_DATA || ownDataFolder);
  return {
    host: HOST || "127.0.0.1",
    port: portOf(PORT || "3030"),
    dataFolder,
    database: databaseOf(environment, dataFolder),
    logLevel: logLevelOf(LOG_LEVEL || "warn"),
    publicUrl: CLIENTELE_URL ? originOf("CLIENTELE_URL", CLIENTELE_URL) : null,
    oidc: oidcOf(environment),
    webhookAllow: webhookAllowOf(CLIENTELE_WEBHOOK_ALLOW || ""),
    journalDays: CLIENTELE_JOURNAL_DAYS ? daysOf("CLIENTELE_JOURNAL_DAYS", CLIENTELE_JOURNAL_DAYS) : null,
    console: consoleOf(CLIENTELE_CONSOLE || "on"),
  };
}

function databaseOf(
  { DATABASE_URL: url, DATABASE_POOL_URL: poolUrl }: NodeJS.ProcessEnv,
  dataFolder: string,
): DatabasePlace {
  if (url) return { url, ...(poolUrl && { poolUrl }) };
  if (!poolUrl) return { dataFolder };
  throw new OperatorError("DATABASE_POOL_URL needs DATABASE_URL, the address of the owner.");
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new OperatorError(`PORT is "${text}": it must be a number from 0 to 65535.`);
}

function originOf(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^https?:$/.test(url.protocol) && url.pathname === "/" && url.search === "") return url.origin;
  throw new OperatorError(`${name} is "${text}": it must be an address like https://clientele.example.com.`);
}

function oidcOf(environment: NodeJS.ProcessEnv): Oidc | null {
  const {
    CLIENTELE_OIDC_ISSUER: issuer,
    CLIENTELE_OIDC_CLIENT_ID: clientId,
    CLIENTELE_OIDC_CLIENT_SECRET: clientSecret,
    CLIENTELE_OIDC_NAME: name,
  } = environment;
  if (!issuer && !clientId && !clientSecret) return null;
  if (!issuer || !clientId || !clientSecret)
    throw new OperatorError(
      "CLIENTELE_OIDC_ISSUER, CLIENTELE_OIDC_CLIENT_ID and CLIENTELE_OIDC_CLIENT_SECRET go together: set all three or none.",
    );
  if (!URL.canParse(issuer) || !/^https?:$/.test(new URL(issuer).protocol))
    throw new OperatorError(`CLIENTELE_OIDC_ISSUER is "${issuer}": it must be the address of an issuer.`);
  return { issuer, clientId, clientSecret, name: name || new URL(issuer).hostname };
}

function webhookAllowOf(text: string): string {
  try {
    readAllowed(text);
    return text;
  } catch (error) {
    throw new OperatorError(
      `CLIENTELE_WEBHOOK_ALLOW has "${(error as Error).message}": it must be a comma-separated list of hosts, addresses and networks.`,
    );
  }
}

function logLevelOf(text: string): LogLevel {
  const level = logLevels.find((logLevel) => logLevel === text);
  if (level) return level;
  throw new OperatorError(`LOG_LEVEL is "${text}": it must be one of ${logLevels.join(", ")}.`);
}

function consoleOf(text: string): Config["console"] {
  const found = consoles.find((known) => known === text);
  if (found) return found;
  throw new OperatorError(`CLIENTELE_CONSOLE is "${text}": it must be one of ${consoles.join(", ")}.`);
}

function daysOf(name: string, text: string): number {
  const days = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (days > 0) return days;
  throw new OperatorError(`${name} is "${text}": it must be a number of days from 1 to 99999.`);
}
