import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { build } from "vite";

const home = fileURLToPath(new URL("..", import.meta.url));
const [dist, fingerprint] = process.argv.slice(2) as [string, string];
const unfinished = `${dist}.new-${process.pid}`;

// Tests also start this build: without this, they would ship React's slower development bundle.
process.env["NODE_ENV"] = "production";

try {
  await build({ root: home, logLevel: "error", build: { outDir: unfinished, emptyOutDir: true } });
  await compress(join(unfinished, "assets"));
  await writeFile(join(unfinished, "built-from"), fingerprint);
  // Another start may have finished the same build meanwhile, and browsers may be loading from it.
  if (!(await isThere())) {
    await rm(dist, { recursive: true, force: true });
    await rename(unfinished, dist).catch(async (error) => {
      if (!(await isThere())) throw error;
    });
  }
} finally {
  await rm(unfinished, { recursive: true, force: true });
}

async function isThere(): Promise<boolean> {
  return (await readFile(join(dist, "built-from"), "utf8").catch(() => null)) === fingerprint;
}

/** Writes .br and .gz files next to each asset, which the service sends to browsers that accept them. */
async function compress(folder: string): Promise<void> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
  for (const name of await readdir(folder)) {
    if (!/\.(js|css|svg)$/.test(name)) continue;
    const path = join(folder, name);
    const bytes = await readFile(path);
    await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, { params }));
    await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
  }
}
