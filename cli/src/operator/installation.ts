import { type Database, databaseLog, openDatabase, openLog, readConfig } from "@clientele/server";

/** Pools with access to every enterprise and person, and the time of the call. */
export type Installation = Pick<Database, "operator" | "people"> & {
  /** Base address of invitation and password links. */
  publicUrl: string;
  now: Date;
};

/**
 * Opens the installation named by the environment, runs `work` and closes it, whether or not the service runs. With
 * `createIfMissing` it creates the database in an empty data folder.
 */
export async function withInstallation<T>(
  work: (installation: Installation) => Promise<T>,
  { createIfMissing = false } = {},
): Promise<T> {
  const config = readConfig();
  const database = await openDatabase({
    place: config.database,
    log: databaseLog(openLog(config.logLevel)),
    connectionsMax: 1,
    mayJoin: true,
    mustExist: !createIfMissing,
  });
  try {
    const { operator, people } = database;
    const publicUrl = config.publicUrl ?? `http://localhost:${config.port}`;
    return await work({ operator, people, publicUrl, now: new Date() });
  } finally {
    await database.close();
  }
}
