import { execFile } from "node:child_process";
import { chown, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import {
  cleanUp,
  copyOfDataFolder,
  endProcess,
  eventually,
  isRoot,
  nobody,
  postmasterPid,
  query,
  removeTemplate,
  service,
  start,
  startProcess,
  temporaryFolder,
  warmDataFolder,
} from "./test-service.ts";

const run = promisify(execFile);
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });
afterEach(cleanUp);
afterAll(removeTemplate);

test("first start: creates the cluster with the required settings", async () => {
  const dataFolder = await temporaryFolder();
  const database = await start({ dataFolder });
  const names = ["fsync", "full_page_writes", "synchronous_commit", "data_checksums", "TimeZone", "jit"];
  names.push(
    "listen_addresses",
    "max_connections",
    "shared_buffers",
    "max_wal_size",
    "gin_pending_list_limit",
  );
  const rows = await query(
    database,
    "select name, current_setting(name) as value from pg_settings where name = any($1)",
    [names],
  );
  expect(Object.fromEntries(rows.map(({ name, value }) => [name, value]))).toEqual({
    fsync: "on",
    full_page_writes: "on",
    synchronous_commit: "on",
    data_checksums: "on",
    TimeZone: "UTC",
    jit: "off",
    listen_addresses: "",
    max_connections: "50",
    shared_buffers: "256MB",
    max_wal_size: "2GB",
    gin_pending_list_limit: "4MB",
  });
  expect(database.connection).toMatchObject({ user: "postgres", database: "clientele" });
  expect(database.events.map(({ event }) => event)).toEqual(["database-created", "database-started"]);
  expect((await stat(join(dataFolder, "pg18"))).mode & 0o777).toBe(0o700);
  expect((await stat(join(dataFolder, "pg18.log"))).mode & 0o777).toBe(0o600);
});

test("locale: keys compare by bytes, and non-ASCII letters count as letters", async () => {
  const database = await start({ dataFolder: await warmDataFolder() });
  await query(database, "create extension pg_trgm");
  const [row] = await query(
    database,
    "select lower('MÜLLER Ω') as lower, 'Z' < 'a' as bytes, similarity('Müller', 'mller') < 1 as letters",
  );
  expect(row).toEqual({ lower: "müller ω", bytes: true, letters: true });
});

test.runIf(isRoot)("root: PostgreSQL runs as another account that owns its folder", async () => {
  const dataFolder = await warmDataFolder();
  await start({ dataFolder });
  const status = await readFile(`/proc/${await postmasterPid(dataFolder)}/status`, "utf8");
  const uid = Number(/^Uid:\t(\d+)/m.exec(status)?.[1]);
  expect(uid).toBeGreaterThan(0);
  expect((await stat(join(dataFolder, "pg18"))).uid).toBe(uid);
  expect((await stat(dataFolder)).uid).toBe(0);
});

test.runIf(isRoot)("root: gives a cluster that root copied back to its account", async () => {
  const dataFolder = await copyOfDataFolder();
  await chown(join(dataFolder, "pg18"), 0, 0);
  await chown(join(dataFolder, "pg18", "PG_VERSION"), 0, 0);
  const database = await start({ dataFolder });
  expect(await query(database, "select 1 as one")).toEqual([{ one: 1 }]);
});

test.runIf(isRoot)("root: uses a data folder in a 0700 home in place", async () => {
  const home = join(await temporaryFolder(), "home");
  await mkdir(home, { mode: 0o700 });
  const dataFolder = join(home, "clientele", "data");
  const database = await start({ dataFolder });
  await query(database, "create table stored as select 1 as one");
  await database.stop();
  const again = await start({ dataFolder });
  expect(await query(again, "select * from stored")).toEqual([{ one: 1 }]);
  expect((await stat(join(dataFolder, "pg18", "PG_VERSION"))).isFile()).toBe(true);
});

test.runIf(isRoot)("not root: the database runs as the same user", async () => {
  const dataFolder = await copyOfDataFolder();
  await run("chown", ["-R", `${nobody.uid}:${nobody.gid}`, dataFolder]);
  const { next } = await startProcess(service(dataFolder), nobody);
  expect(await next()).toMatchObject({ connection: { host: join(dataFolder, "pg18") } });
  expect((await stat(join(dataFolder, "pg18"))).uid).toBe(nobody.uid);
});

test.runIf(isRoot)("not root: refuses the data folder of another user in one sentence", async () => {
  const { next } = await startProcess(service(await temporaryFolder()), nobody);
  expect(await next()).toEqual({
    failure: "no-permission",
    message: expect.stringContaining("may not create"),
  });
});

test("kill -9 of the service during initdb: the next start is a first start", async () => {
  const dataFolder = await temporaryFolder();
  const { child } = await startProcess(service(dataFolder));
  await eventually(() => stat(join(dataFolder, `pg18.new-${child.pid}`, "PG_VERSION")));
  await endProcess(child);
  await expect(stat(join(dataFolder, "pg18"))).rejects.toThrow("ENOENT");

  const database = await start({ dataFolder });
  expect(await query(database, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("removes unfinished folders of dead processes, but not of running ones", async () => {
  const dataFolder = await warmDataFolder();
  const noProcess = 2 ** 22 + 1;
  for (const starter of [noProcess, process.ppid]) await mkdir(join(dataFolder, `pg18.new-${starter}`));
  await start({ dataFolder });
  const left = (await readdir(dataFolder)).filter((name) => name.includes(".new-"));
  expect(left).toEqual([`pg18.new-${process.ppid}`]);
});

test("a socket path that is too long: the socket is in a short private folder", async () => {
  const dataFolder = join(await temporaryFolder(), "x".repeat(60), "y".repeat(60));
  await copyOfDataFolder(dataFolder);
  const database = await start({ dataFolder });
  const { host } = database.connection;
  expect(host).not.toContain("xxx");
  expect((await stat(host)).mode & 0o777).toBe(0o700);
  expect(await query(database, "select 1 as one")).toEqual([{ one: 1 }]);
  await database.stop();
  await rm(host, { recursive: true });
});

test("no sockets: listens on the loopback address and rejects a wrong password", async () => {
  const dataFolder = await warmDataFolder();
  const database = await start({ dataFolder, sockets: false });
  const { connection } = database;
  expect(connection).toMatchObject({ host: "127.0.0.1", password: expect.stringMatching(/^[\w-]{32}$/) });
  expect(await query(database, "select 1 as one")).toEqual([{ one: 1 }]);
  await expect(query({ connection: { ...connection, password: "guess" } }, "select 1")).rejects.toThrow(
    "password",
  );
});

test("reports in one sentence why the database cannot start", async () => {
  const dataFolder = await temporaryFolder();
  await mkdir(join(dataFolder, "pg18"));
  await writeFile(join(dataFolder, "pg18", "PG_VERSION"), "18\n");
  await expect(start({ dataFolder })).rejects.toMatchObject({
    failure: "start-failed",
    message: expect.stringMatching(/^PostgreSQL did not start: .*postgresql\.conf.*pg18\.log/),
  });
});
