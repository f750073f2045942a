import { createHash, randomBytes } from "node:crypto";
import { chown, lstat, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Account, canEnter } from "./account.ts";
import { EmbeddedDatabaseError, fileError } from "./error.ts";

/** Where the database listens, for `pg` (a folder as host means the socket in it) and for the postmaster. */
export type Address = {
  host: string;
  port: number;
  password?: string;
  passwordFile?: string;
  settings: readonly string[];
};

/** Only part of the socket's file name. */
const socketPort = 5432;

/** sun_path has 108 bytes on Linux and 104 on macOS, including the final NUL. */
const socketPathBytesMax = process.platform === "linux" ? 107 : 103;

/** Anyone who can enter the folder is superuser of the database, so only its owner and root can. */
export async function socketAddress(
  cluster: string,
  account: Account | undefined,
  folderInUse: string | undefined,
): Promise<Address> {
  const folder = folderInUse || (fits(cluster) ? cluster : await shortFolder(cluster, account));
  // A path relative to the data folder also works for an account that cannot enter its parents.
  const directory = folder === cluster ? "." : `"${folder.replaceAll('"', '""')}"`;
  return {
    host: folder,
    port: socketPort,
    settings: [
      "listen_addresses=",
      `unix_socket_directories=${directory}`,
      "unix_socket_permissions=0700",
      `port=${socketPort}`,
    ],
  };
}

export function socketPath(address: Address): string {
  return join(address.host, `.s.PGSQL.${address.port}`);
}

function fits(folder: string): boolean {
  return Buffer.byteLength(join(folder, `.s.PGSQL.${socketPort}`)) <= socketPathBytesMax;
}

async function shortFolder(cluster: string, account: Account | undefined): Promise<string> {
  const name = `clientele-${createHash("sha256").update(cluster).digest("hex").slice(0, 16)}`;
  for (const parent of [tmpdir(), "/tmp"]) {
    const folder = join(parent, name);
    if (!fits(folder) || !(await canEnter(account, parent))) continue;
    await createPrivate(folder, account);
    return folder;
  }
  throw new EmbeddedDatabaseError(
    "start-failed",
    `The path ${cluster} is too long for a socket and so is the temporary folder ${tmpdir()}: choose a shorter data folder.`,
  );
}

async function createPrivate(folder: string, account: Account | undefined): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
    if (account) await chown(folder, account.uid, account.gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw fileError(error, `create ${folder}`);
  }
  // The name is predictable: another account may have created the folder, or a link, first.
  const existing = await lstat(folder);
  const isPrivate = existing.isDirectory() && (existing.mode & 0o077) === 0;
  const isOwned = isPrivate && existing.uid === (account?.uid ?? process.getuid?.());
  if (isOwned) return;
  throw new EmbeddedDatabaseError(
    "no-permission",
    `${folder} is needed for the database socket but belongs to another account: remove it, or choose a shorter data folder.`,
  );
}

/** For systems without sockets: a password replaces the folder's permissions. */
export async function loopbackAddress(
  cluster: string,
  account: Account | undefined,
  portInUse: number | undefined,
): Promise<Address> {
  const passwordFile = `${cluster}.password`;
  const port = portInUse || (await freePort());
  return {
    host: "127.0.0.1",
    port,
    password: await createPassword(passwordFile, account),
    passwordFile,
    settings: ["listen_addresses=127.0.0.1", "unix_socket_directories=", `port=${port}`],
  };
}

async function createPassword(file: string, account: Account | undefined): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(file, randomBytes(24).toString("base64url"), { mode: 0o600, flag: "wx" });
    if (account) await chown(file, account.uid, account.gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw fileError(error, `write ${file}`);
  }
  return readFile(file, "utf8");
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const bound = probe.address();
      probe.close(() => resolve(bound !== null && typeof bound === "object" ? bound.port : 0));
    });
  });
}
