import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Account, childOptions, pathFor } from "./account.ts";
import type { Address } from "./address.ts";
import { EmbeddedDatabaseError } from "./error.ts";

const run = promisify(execFile);

/** Defaults that an operator may change in postgresql.conf; required settings are passed at each start. */
const initialSettings = ["max_connections=50", "shared_buffers=256MB", "max_wal_size=2GB", "jit=off"];

/** LC_CTYPE defines letters for text search: under `C`, ü is not one. Locale names differ by system. */
const ctypes = process.platform === "win32" ? ["C"] : ["C.UTF-8", "en_US.UTF-8", "C"];

/** Creates a cluster in an empty folder that the account owns. */
export async function initdb(
  folder: string,
  options: { binaries: string; account: Account | undefined; address: Address },
): Promise<void> {
  const { binaries, account, address } = options;
  const args = [
    ["-D", await pathFor(account, folder), "--no-instructions", "--data-checksums"],
    ["--username=postgres", "--auth-local=trust", "--auth-host=scram-sha-256"],
    ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
    address.passwordFile ? [`--pwfile=${address.passwordFile}`] : [],
    initialSettings.flatMap((setting) => ["--set", setting]),
  ].flat();
  for (const ctype of ctypes) {
    try {
      await run(
        join(binaries, "bin", "initdb"),
        [...args, `--lc-ctype=${ctype}`],
        childOptions(account, folder),
      );
      return;
    } catch (error) {
      const { stderr = "", message } = error as Error & { stderr?: string };
      if (ctype !== ctypes.at(-1) && stderr.includes("invalid locale")) continue;
      const messages = stderr.split("\n").filter((line) => /error|FATAL|could not/.test(line));
      throw new EmbeddedDatabaseError(
        /No space left/.test(stderr) ? "disk-full" : "initdb-failed",
        `PostgreSQL could not create its data folder ${folder}: ${messages.at(-1) ?? message}`,
        error,
      );
    }
  }
}
