import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { stopPostmaster } from "./postmaster.ts";
import { isPostmaster } from "./postmaster-lock.ts";
import { backoffMs } from "./supervise.ts";
import {
  cleanUp,
  endProcess,
  eventually,
  postmasterPid,
  query,
  removeTemplate,
  service,
  start,
  startProcess,
  temporaryFolder,
  warmDataFolder,
} from "./test-service.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });
afterEach(cleanUp);
afterAll(removeTemplate);

test("stop: shuts the database down and can be called again", async () => {
  const dataFolder = await warmDataFolder();
  const database = await start({ dataFolder });
  const pid = await postmasterPid(dataFolder);
  await Promise.all([database.stop(), database.stop()]);
  await database.stop();
  expect(await isPostmaster(pid, join(dataFolder, "pg18"))).toBe(false);
  expect(await readFile(join(dataFolder, "pg18.log"), "utf8")).toMatch(/database system is shut down\n$/);
});

test("Ctrl-C of the whole process group: the service drains before its database stops", async () => {
  const dataFolder = await warmDataFolder();
  const { child, next } = await startProcess(service(dataFolder));
  await next();
  const pid = await postmasterPid(dataFolder);
  const exit = once(child, "exit");
  process.kill(-(child.pid as number), "SIGINT");
  expect(await next()).toEqual({ drained: [{ one: 1 }] });
  await exit;
  expect(await isPostmaster(pid, join(dataFolder, "pg18"))).toBe(false);
});

test("kill -9 of the service: the next one adopts the database with every acknowledged write", async () => {
  const dataFolder = await warmDataFolder();
  const { child, next } = await startProcess(service(dataFolder));
  await query(await next(), "create table written_before_adoption as select 1 as one");
  const orphan = await postmasterPid(dataFolder);
  await endProcess(child);

  const database = await start({ dataFolder });
  expect(await query(database, "select * from written_before_adoption")).toEqual([{ one: 1 }]);
  expect(database.events).toMatchObject([
    { event: "database-started", facts: { adopted: true, pid: orphan } },
  ]);
  await database.stop();
  expect(await isPostmaster(orphan, join(dataFolder, "pg18"))).toBe(false);
});

test("a second service on the same data folder is refused while the first one runs", async () => {
  const dataFolder = await warmDataFolder();
  const first = await start({ dataFolder });
  await expect(start({ dataFolder })).rejects.toMatchObject({
    failure: "in-use",
    message: expect.stringContaining(`Another service (process ${process.pid})`),
  });
  expect(await query(first, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("two services that start at once on an empty data folder: one of them gets it", async () => {
  const dataFolder = await temporaryFolder();
  const services = [await startProcess(service(dataFolder)), await startProcess(service(dataFolder))];
  const answers = await Promise.all(services.map(({ next }) => next()));
  expect(answers.filter((answer) => answer.connection)).toHaveLength(1);
  expect(answers.filter((answer) => answer.failure === "in-use")).toHaveLength(1);
});

test("kill -9 of the postmaster: restarts it at the same address", async () => {
  const dataFolder = await warmDataFolder();
  const database = await start({ dataFolder });
  await query(database, "create table written_before_restart as select 1 as one");
  process.kill(await postmasterPid(dataFolder), "SIGKILL");
  expect(await eventually(() => query(database, "select * from written_before_restart"))).toEqual([
    { one: 1 },
  ]);
  await eventually(() => expect(database.events).toHaveLength(3));
  expect(database.events).toMatchObject([
    { event: "database-started" },
    { event: "database-lost", facts: { retryInMs: 0 } },
    { event: "database-started", facts: { adopted: false } },
  ]);
});

test("kill -9 of a session: the database recovers and keeps its owner", async () => {
  const dataFolder = await warmDataFolder();
  const database = await start({ dataFolder });
  const session = new pg.Client(database.connection);
  session.on("error", () => undefined);
  await session.connect();
  const { rows } = await session.query("select pg_backend_pid() as pid");
  process.kill(rows[0].pid, "SIGKILL");
  await eventually(() => expect(database.events).toHaveLength(3));
  const pid = await postmasterPid(dataFolder);
  expect(database.events).toMatchObject([
    { event: "database-started", facts: { pid } },
    { event: "database-lost" },
    { event: "database-started", facts: { adopted: true, pid } },
  ]);
});

test("kills a postmaster that does not stop in time", async () => {
  const dataFolder = await warmDataFolder();
  const folder = join(dataFolder, "pg18");
  const { child, next } = await startProcess(service(dataFolder));
  await next();
  await endProcess(child);
  const pid = await postmasterPid(dataFolder);
  process.kill(pid, "SIGSTOP");
  await stopPostmaster({ folder, binaries: "" }, pid, { fastMs: 20, immediateMs: 20 });
  await eventually(async () => expect(await isPostmaster(pid, folder)).toBe(false));
  const database = await start({ dataFolder });
  expect(await query(database, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("stop during a restart: nothing is left running", async () => {
  const dataFolder = await warmDataFolder();
  const database = await start({ dataFolder });
  process.kill(await postmasterPid(dataFolder), "SIGKILL");
  await eventually(() => expect(database.events.at(-1)?.event).toBe("database-lost"));
  await database.stop();
  const pid = await postmasterPid(dataFolder).catch(() => 0);
  expect(await isPostmaster(pid, join(dataFolder, "pg18"))).toBe(false);
});

test("another service took the folder: calls onLost and does not restart", async () => {
  const dataFolder = await warmDataFolder();
  let lost: (error: Error) => void = () => undefined;
  const reported = new Promise<Error>((resolve) => {
    lost = resolve;
  });
  const database = await start({ dataFolder, onLost: lost });
  const other = new pg.Client({ ...database.connection, database: "postgres" });
  await other.connect();
  const [owner] = await query(
    { connection: { ...database.connection, database: "postgres" } },
    "select pid, (classid::bigint << 32) + objid::bigint as key from pg_locks where locktype = 'advisory'",
  );
  const taken = other.query("select pg_advisory_lock($1)", [owner?.key]);
  await query(database, "select pg_terminate_backend($1)", [owner?.pid]);
  await taken;
  expect(await reported).toMatchObject({ failure: "in-use" });
  await other.end();
  process.kill(await postmasterPid(dataFolder), "SIGINT");
  await eventually(() => expect(stat(join(dataFolder, "pg18", "postmaster.pid"))).rejects.toThrow());
});

test("restart delays grow up to a limit", () => {
  expect([0, 1, 2, 3, 20].map(backoffMs)).toEqual([0, 250, 500, 1000, 30_000]);
});
