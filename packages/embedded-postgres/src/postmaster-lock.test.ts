import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chown, readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { chooseAccount } from "./account.ts";
import { findPostmaster } from "./postmaster-lock.ts";
import {
  cleanUp,
  copyOfDataFolder,
  endProcess,
  eventually,
  postmasterPid,
  query,
  removeTemplate,
  start,
  warmDataFolder,
} from "./test-service.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });
const children: ChildProcess[] = [];
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => endProcess(child)));
  await cleanUp();
});
afterAll(removeTemplate);

/** Starts a program as PostgreSQL's account: PostgreSQL ignores lock files that name processes of other accounts. */
async function foreignProgram(dataFolder: string, program: string, args: string[]): Promise<ChildProcess> {
  const account = await chooseAccount(join(dataFolder, "pg18"));
  const child = spawn(program, args, {
    ...(account && { uid: account.uid, gid: account.gid }),
    stdio: "pipe",
  });
  children.push(child);
  await once(child, "spawn");
  return child;
}

/** Writes the lock files of a postmaster with that pid. */
async function writeLocks(dataFolder: string, pid: number): Promise<void> {
  const folder = join(dataFolder, "pg18");
  const lines = [pid, folder, 1700000000, 5432, ".", "", " 12345678         9", "ready   ", ""];
  const { uid, gid } = await stat(folder);
  for (const file of [join(folder, "postmaster.pid"), join(folder, ".s.PGSQL.5432.lock")]) {
    await writeFile(file, lines.join("\n"), { mode: 0o600 });
    await chown(file, uid, gid);
  }
}

async function expectStart(dataFolder: string): Promise<void> {
  const database = await start({ dataFolder });
  expect(await query(database, "select 1 as one")).toEqual([{ one: 1 }]);
  expect(database.events).toMatchObject([{ event: "database-started", facts: { adopted: false } }]);
}

test("a reused pid: the database starts and the other program keeps running", async () => {
  const dataFolder = await warmDataFolder();
  const other = await foreignProgram(dataFolder, "sleep", ["600"]);
  await writeLocks(dataFolder, other.pid as number);
  await expectStart(dataFolder);
  expect(other.exitCode ?? other.signalCode).toBeNull();
});

test("the pid of another data folder's postmaster: both databases work", async () => {
  const dataFolder = await warmDataFolder();
  const otherFolder = await copyOfDataFolder();
  const other = await start({ dataFolder: otherFolder });
  await writeLocks(dataFolder, await postmasterPid(otherFolder));
  await expectStart(dataFolder);
  expect(await query(other, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("the pid of a program that has ended", async () => {
  const dataFolder = await warmDataFolder();
  const other = await foreignProgram(dataFolder, "true", []);
  if (other.exitCode === null) await once(other, "exit");
  await writeLocks(dataFolder, other.pid as number);
  await expectStart(dataFolder);
});

test.runIf(process.platform === "linux")("the pid of a zombie", async () => {
  const dataFolder = await warmDataFolder();
  // sleep replaces the shell and never reaps the child of the shell.
  const parent = await foreignProgram(dataFolder, "sh", ["-c", "sleep 0.1 & echo $!; exec sleep 600"]);
  const [line] = await once(parent.stdout as NodeJS.ReadableStream, "data");
  const zombie = Number(String(line));
  await eventually(async () => expect(await readFile(`/proc/${zombie}/stat`, "utf8")).toContain(") Z "));
  await writeLocks(dataFolder, zombie);
  await expectStart(dataFolder);
});

test.each(["", "not a number\n"])("replaces a damaged pid file (%j)", async (content) => {
  const dataFolder = await warmDataFolder();
  await writeFile(join(dataFolder, "pg18", "postmaster.pid"), content);
  await writeFile(join(dataFolder, "pg18", ".s.PGSQL.5432.lock"), content);
  await expectStart(dataFolder);
});

test("identifies a running postmaster by pid and command line", async () => {
  const dataFolder = await warmDataFolder();
  await start({ dataFolder });
  const pid = await postmasterPid(dataFolder);
  const folder = join(dataFolder, "pg18");
  expect(await findPostmaster(folder)).toEqual({ pid, port: 5432, socketFolder: folder });
  expect(await findPostmaster(`${folder}0`)).toBeUndefined();
});

test("refuses a database that answers although its process is invisible", async () => {
  const dataFolder = await warmDataFolder();
  const server = createServer((socket) => socket.end());
  server.listen(join(dataFolder, "pg18", ".s.PGSQL.5432"));
  await once(server, "listening");
  await expect(start({ dataFolder })).rejects.toMatchObject({
    failure: "in-use",
    message: expect.stringContaining("already runs"),
  });
  await expect(stat(join(dataFolder, "pg18", "postmaster.pid"))).rejects.toThrow("ENOENT");
  server.close();
});
