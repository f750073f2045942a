import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const home = fileURLToPath(new URL("..", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));
const dist = join(home, "dist");
const stamp = join(dist, "built-from");

/** Files that determine the built console, besides the versions in the lock file. */
const sources = ["console/src", "console/build", "console/public", "contract", "sdk/src"];
const singleSources = ["console/index.html", "console/vite.config.ts", "package-lock.json"];

/**
 * Returns the folder of the built console and rebuilds it if its sources have changed. The build runs in a process
 * of its own, so that its memory is freed.
 *
 * @param say called once, before a build starts.
 */
export async function builtConsole(say: (sentence: string) => void): Promise<string> {
  const fingerprint = await fingerprintOfSources();
  if ((await builtFrom()) === fingerprint) return dist;
  say("Building the console. This is done once and takes some seconds.");
  const build = fileURLToPath(new URL("./build.ts", import.meta.url));
  await promisify(execFile)(process.execPath, [build, dist, fingerprint]);
  return dist;
}

const builtFrom = (): Promise<string | null> => readFile(stamp, "utf8").catch(() => null);

async function fingerprintOfSources(): Promise<string> {
  const hash = createHash("sha256");
  const files: string[] = [...singleSources];
  for (const folder of sources) {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
    for (const entry of entries)
      if (entry.isFile() && !entry.parentPath.includes("node_modules") && !entry.name.includes(".test."))
        files.push(relative(root, join(entry.parentPath, entry.name)));
  }
  for (const file of files.sort()) {
    const bytes = await readFile(join(root, file)).catch(() => "");
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex");
}
