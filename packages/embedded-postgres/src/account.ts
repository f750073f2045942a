import { readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { EmbeddedDatabaseError } from "./error.ts";

/** An account of /etc/passwd. If undefined, PostgreSQL runs as the account of this process. */
export type Account = { name: string; uid: number; gid: number };

/**
 * PostgreSQL refuses to run as root, so root runs it as another account. The owner of an existing cluster comes first:
 * an account `postgres` that is created later must not lock the service out of its data.
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
    "PostgreSQL does not run as root, and there is no account `postgres` or `nobody` to run it as: run the service as another user, or set DATABASE_URL.",
  );
}

/** Accounts that PostgreSQL can run as; it looks up its own account by uid and fails without an entry. */
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

/** Whether the account can enter the folder and all its parents. */
export async function canEnter(account: Account | undefined, folder: string): Promise<boolean> {
  if (!account) return true;
  const { uid, gid, mode } = await stat(folder);
  const execute = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
  if ((mode & execute) === 0) return false;
  return dirname(folder) === folder || canEnter(account, dirname(folder));
}

/**
 * The path by which the account reaches its working directory. Inside a folder that it cannot enter (a 0700 home),
 * /proc/self/cwd still resolves, so the data need not be moved.
 */
export async function pathFor(account: Account | undefined, folder: string): Promise<string> {
  if (await canEnter(account, folder)) return folder;
  if (process.platform === "linux") return "/proc/self/cwd";
  throw new EmbeddedDatabaseError(
    "no-permission",
    `PostgreSQL runs as the account ${account?.name}, which cannot enter ${folder}: choose a data folder outside of private folders.`,
  );
}

/** Options for a child process of the account; its environment has none of the service's secrets. */
export function childOptions(account: Account | undefined, cwd: string) {
  const { PATH, SystemRoot, TEMP } = process.env;
  return {
    cwd,
    env: { LC_ALL: "C", ...(PATH && { PATH }), ...(SystemRoot && { SystemRoot }), ...(TEMP && { TEMP }) },
    windowsHide: true,
    ...(account && { uid: account.uid, gid: account.gid }),
  };
}
