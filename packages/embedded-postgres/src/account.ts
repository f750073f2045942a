import { readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { EmbeddedDatabaseError } from "./error.ts";

/** An OS account of /etc/passwd. Where it is undefined, PostgreSQL runs as the account of this process. */
export type Account = { name: string; uid: number; gid: number };

/**
 * PostgreSQL refuses to run as root, so root hands it to another account. A cluster keeps its owner: an
 * account `postgres` that was created later must not lock the service out of its own data.
 */
export async function chooseAccount(clusterFolder: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = await readAccounts();
  const owner = await stat(clusterFolder).then(
    (cluster) => cluster.uid,
    () => undefined,
  );
  const account =
    accounts.find((candidate) => candidate.uid === owner) ??
    accounts.find((candidate) => candidate.name === "postgres" || candidate.name === "_postgres") ??
    accounts.find((candidate) => candidate.name === "nobody");
  if (account) return account;
  throw new EmbeddedDatabaseError(
    "no-permission",
    "PostgreSQL does not run as root, and there is no account `postgres` or `nobody` to run it as: run Clientele as another user, or set DATABASE_URL.",
  );
}

/** Everybody that PostgreSQL could run as; it looks its own account up by uid and fails without an entry. */
async function readAccounts(): Promise<Account[]> {
  const lines = await readFile("/etc/passwd", "utf8").then(
    (text) => text.split("\n"),
    () => [],
  );
  return lines
    .map((line) => line.split(":"))
    .map(([name = "", , uid = "", gid = ""]) => ({ name, uid: Number.parseInt(uid, 10), gid: Number(gid) }))
    .filter((account) => account.name !== "" && account.uid > 0);
}

/** Whether the account passes every folder down to and including this one. */
export async function canEnter(account: Account | undefined, folder: string): Promise<boolean> {
  if (!account) return true;
  const { uid, gid, mode } = await stat(folder);
  const execute = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
  if ((mode & execute) === 0) return false;
  return dirname(folder) === folder || canEnter(account, dirname(folder));
}

/**
 * The path by which the account reaches the folder it is started in. Below a folder that it may not pass (a
 * 0700 home), the kernel still leads /proc/self/cwd to it: the data stays where the operator put it.
 */
export async function pathFor(account: Account | undefined, folder: string): Promise<string> {
  if (await canEnter(account, folder)) return folder;
  if (process.platform === "linux") return "/proc/self/cwd";
  throw new EmbeddedDatabaseError(
    "no-permission",
    `PostgreSQL runs as the account ${account?.name}, which cannot enter ${folder}: choose a data folder outside of private folders.`,
  );
}

/** Options for a child process of the account, which gets none of the service's secrets from the environment. */
export function childOptions(account: Account | undefined, cwd: string) {
  const { PATH, SystemRoot, TEMP } = process.env;
  return {
    cwd,
    env: { LC_ALL: "C", ...(PATH && { PATH }), ...(SystemRoot && { SystemRoot }), ...(TEMP && { TEMP }) },
    windowsHide: true,
    ...(account && { uid: account.uid, gid: account.gid }),
  };
}
