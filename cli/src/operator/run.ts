import { type Database, databaseLog, openDatabase, openLog, readConfig } from "@clientele/server";

/** What a command of the operator works with: the right to every enterprise and everybody, and the time of the call. */
export type Installation = Pick<Database, "operator" | "people"> & {
  /** The address that links begin with. */
  publicUrl: string;
  now: Date;
};

/**
 * Opens the installation that the environment names for one piece of work, while its service runs or while it
 * does not. With `mayBeNew` an empty data folder becomes one.
 */
export async function onInstallation<T>(
  work: (installation: Installation) => Promise<T>,
  { mayBeNew = false } = {},
): Promise<T> {
  const config = readConfig();
  const database = await openDatabase({
    place: config.database,
    log: databaseLog(openLog(config.logLevel)),
    connectionsMax: 1,
    mayJoin: true,
    mustExist: !mayBeNew,
  });
  try {
    const { operator, people } = database;
    const publicUrl = config.publicUrl ?? `http://localhost:${config.port}`;
    return await work({ operator, people, publicUrl, now: new Date() });
  } finally {
    await database.close();
  }
}
