import { createHash, randomBytes } from "node:crypto";
import { access, cp, mkdir, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type EmbeddedDatabase, startEmbedded } from "@clientele/embedded-postgres";
import pg from "pg";
import { openDatabase } from "../database/open.ts";

const top = fileURLToPath(new URL("../../../", import.meta.url));
const cache = join(top, "node_modules/.cache/clientele-tests");

/** The inputs of the prepared cluster: the migrations, the code that applies them, and PostgreSQL. */
const sources = [
  "package-lock.json",
  "server/migrations",
  "server/src/database",
  "packages/embedded-postgres",
];

/** Hours after which an unused prepared cluster is removed: each takes about 80 MB. */
const unusedMs = 3 * 24 * 60 * 60 * 1000;

export const templateName = "clientele_template";

/** The login that owns the databases of the service, as in production. */
const ownerName = "clientele";

const silent = () => undefined;

/**
 * An embedded server with a migrated template database, for one test run. The cluster is prepared once and cached in
 * node_modules/.cache; each run works on a copy, so runs do not disturb one another and a killed run leaves the
 * prepared cluster intact.
 */
export async function startTestCluster(): Promise<{ adminUrl: string; stop(): Promise<void> }> {
  await removeAbandonedRuns();
  const prepared = await preparedCluster();
  const folder = join(cache, "runs", `${process.pid}-${randomBytes(4).toString("hex")}`);
  await cp(prepared, folder, { recursive: true });
  const database = await startEmbedded({ dataFolder: folder, log: silent });
  return {
    adminUrl: urlOf(database.connection),
    async stop() {
      await database.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The folder of the prepared cluster; created if missing. */
async function preparedCluster(): Promise<string> {
  const folder = join(cache, await hashOfSources());
  const isPrepared = await access(folder).then(
    () => true,
    () => false,
  );
  if (isPrepared) {
    const now = new Date();
    await utimes(folder, now, now);
    return folder;
  }
  await removeUnused();
  // Complete or absent: the cluster is prepared in a folder of this run and then renamed.
  const unfinished = join(cache, "runs", `${process.pid}-${randomBytes(4).toString("hex")}`);
  await prepare(unfinished);
  await rename(unfinished, folder).catch(async (error) => {
    // Another run has prepared the same cluster meanwhile.
    await rm(unfinished, { recursive: true, force: true });
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
  });
  return folder;
}

async function prepare(dataFolder: string): Promise<void> {
  await mkdir(dataFolder, { recursive: true });
  const embedded = await startEmbedded({ dataFolder, log: silent });
  try {
    const adminUrl = urlOf(embedded.connection);
    const admin = new pg.Client({ connectionString: adminUrl });
    await admin.connect();
    await admin.query(`create role ${ownerName} login createrole createdb`);
    await admin.query(`create database ${templateName} owner ${ownerName}`);
    await admin.end();
    const database = await openDatabase({ place: { url: databaseUrl(adminUrl, templateName) }, log: silent });
    await database.close();
  } finally {
    await embedded.stop();
  }
}

async function hashOfSources(): Promise<string> {
  const hash = createHash("sha256").update(await readFile(fileURLToPath(import.meta.url)));
  for (const source of sources) {
    for (const file of await filesOf(join(top, source))) {
      const bytes = await readFile(file);
      hash.update(`\0${relative(top, file)}\0${bytes.length}\0`).update(bytes);
    }
  }
  return hash.digest("hex").slice(0, 16);
}

async function filesOf(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory()) return found ? [path] : [];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !/node_modules|\.test\./.test(join(entry.parentPath, entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** A killed run leaves its folder behind, with a running server. */
async function removeAbandonedRuns(): Promise<void> {
  const runs = join(cache, "runs");
  await mkdir(runs, { recursive: true });
  for (const name of await readdir(runs)) {
    if (isAlive(Number.parseInt(name, 10))) continue;
    const folder = join(runs, name);
    // Adopts the server in order to stop it. A partially copied folder has none.
    await startEmbedded({ dataFolder: folder, log: silent }).then(
      (abandoned) => abandoned.stop(),
      () => undefined,
    );
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function removeUnused(): Promise<void> {
  for (const name of await readdir(cache)) {
    const { mtimeMs } = await stat(join(cache, name));
    if (name !== "runs" && Date.now() - mtimeMs > unusedMs)
      await rm(join(cache, name), { recursive: true, force: true });
  }
}

function urlOf({ host, port, user, password, database }: EmbeddedDatabase["connection"]): string {
  const url = new URL(`postgres://${user}@localhost:${port}/${database}`);
  if (password) url.password = password;
  url.searchParams.set("host", host);
  return url.href;
}

/** The address of another database on the server, as the owner of the service's databases. */
export function databaseUrl(adminUrl: string, name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  if (process.env["DATABASE_URL"] === undefined) url.username = ownerName;
  return url.href;
}
