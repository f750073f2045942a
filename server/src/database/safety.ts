import { OperatorError } from "../process/operator-error.ts";

/** A server's settings, by their names in `pg_settings`. */
export type ServerSettings = ReadonlyMap<string, string>;

export const settingsOfInterest = [
  "fsync",
  "full_page_writes",
  "synchronous_commit",
  "server_version_num",
  "server_version",
  "server_encoding",
  "in_hot_standby",
  "transaction_read_only",
];

const dayMs = 24 * 3_600_000;

/** Acknowledged writes must be on disk, and the server must support the statements' features. */
export function refuseUnsafe(setting: ServerSettings, clock: { server: Date; own: Date }): void {
  if (Number(setting.get("server_version_num")) < 150_000) {
    throw new OperatorError(
      `The database server is PostgreSQL ${setting.get("server_version")}: Clientele needs 15 or newer.`,
    );
  }
  if (setting.get("server_encoding") !== "UTF8") {
    throw new OperatorError(`The database is encoded in ${setting.get("server_encoding")}: it must be UTF8.`);
  }
  if (setting.get("in_hot_standby") === "on" || setting.get("transaction_read_only") === "on") {
    throw new OperatorError(
      "The database is read-only, as on a standby: name the address of the primary in DATABASE_URL.",
    );
  }
  for (const name of ["fsync", "full_page_writes", "synchronous_commit"]) {
    if (setting.get(name) !== "off") continue;
    throw new OperatorError(
      `The database has ${name} off and would lose what it has acknowledged: switch it on.`,
    );
  }
  if (Math.abs(clock.server.getTime() - clock.own.getTime()) > dayMs) {
    throw new OperatorError(
      `The clocks of this machine (${clock.own.toISOString()}) and of the database (${clock.server.toISOString()}) are more than a day apart: set them right.`,
    );
  }
}
