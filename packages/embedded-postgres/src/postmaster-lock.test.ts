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

/** A program of PostgreSQL's own account: that of another one PostgreSQL sees through by itself. */
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

/** What a postmaster with that pid would have left behind. */
async function leaveLocks(dataFolder: string, pid: number): Promise<void> {
  const folder = join(dataFolder, "pg18");
  const lines = [pid, folder, 1700000000, 5432, ".", "", " 12345678         9", "ready   ", ""];
  const { uid, gid } = await stat(folder);
  for (const file of [join(folder, "postmaster.pid"), join(folder, ".s.PGSQL.5432.lock")]) {
    await writeFile(file, lines.join("\n"), { mode: 0o600 });
    await chown(file, uid, gid);
  }
}

async function expectsToStart(dataFolder: string): Promise<void> {
  const database = await start({ dataFolder });
  expect(await query(database, "select 1 as one")).toEqual([{ one: 1 }]);
  expect(database.events).toMatchObject([{ event: "database-started", facts: { adopted: false } }]);
}

test("a recycled pid: the database starts and the other program lives on", async () => {
  const dataFolder = await warmDataFolder();
  const other = await foreignProgram(dataFolder, "sleep", ["600"]);
  await leaveLocks(dataFolder, other.pid as number);
  await expectsToStart(dataFolder);
  expect(other.exitCode ?? other.signalCode).toBeNull();
});

test("the pid of another data folder's postmaster: both databases work", async () => {
  const dataFolder = await warmDataFolder();
  const otherFolder = await copyOfDataFolder();
  const other = await start({ dataFolder: otherFolder });
  await leaveLocks(dataFolder, await postmasterPid(otherFolder));
  await expectsToStart(dataFolder);
  expect(await query(other, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("the pid of a program that is gone", async () => {
  const dataFolder = await warmDataFolder();
  const other = await foreignProgram(dataFolder, "true", []);
  if (other.exitCode === null) await once(other, "exit");
  await leaveLocks(dataFolder, other.pid as number);
  await expectsToStart(dataFolder);
});

test.runIf(process.platform === "linux")("a zombie is no postmaster", async () => {
  const dataFolder = await warmDataFolder();
  // sleep takes the place of the shell and never asks how the child of the shell ended.
  const parent = await foreignProgram(dataFolder, "sh", ["-c", "sleep 0.1 & echo $!; exec sleep 600"]);
  const [line] = await once(parent.stdout as NodeJS.ReadableStream, "data");
  const zombie = Number(String(line));
  await eventually(async () => expect(await readFile(`/proc/${zombie}/stat`, "utf8")).toContain(") Z "));
  await leaveLocks(dataFolder, zombie);
  await expectsToStart(dataFolder);
});

test.each(["", "not a number\n"])("a damaged pid file (%j) is replaced", async (content) => {
  const dataFolder = await warmDataFolder();
  await writeFile(join(dataFolder, "pg18", "postmaster.pid"), content);
  await writeFile(join(dataFolder, "pg18", ".s.PGSQL.5432.lock"), content);
  await expectsToStart(dataFolder);
});

test("a running postmaster is known by pid and command line", async () => {
  const dataFolder = await warmDataFolder();
  await start({ dataFolder });
  const pid = await postmasterPid(dataFolder);
  const folder = join(dataFolder, "pg18");
  expect(await findPostmaster(folder)).toEqual({ pid, port: 5432, socketFolder: folder });
  expect(await findPostmaster(`${folder}0`)).toBeUndefined();
});

test("a database that answers from where its process cannot be seen is refused", async () => {
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
