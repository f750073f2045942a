import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { joinEmbedded } from "./join.ts";
import {
  cleanUp,
  endProcess,
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

test.each([true, false])(
  "sockets %s: connects to the database of a running service without changing it",
  async (sockets) => {
    const dataFolder = await warmDataFolder();
    const { connection, events } = await start({ dataFolder, sockets });
    const joined = await joinEmbedded(dataFolder);
    expect(joined).toEqual(connection);
    expect(await query({ connection: joined! }, "select 1 as one")).toEqual([{ one: 1 }]);
    expect(events.map(({ event }) => event)).toEqual(["database-started"]);
  },
);

test("waits for a database that is starting", async () => {
  const dataFolder = await warmDataFolder();
  const { next } = await startProcess(service(dataFolder));
  let joined: Awaited<ReturnType<typeof joinEmbedded>>;
  do joined = await joinEmbedded(dataFolder);
  while (!joined);
  expect(await query({ connection: joined }, "select 1 as one")).toEqual([{ one: 1 }]);
  expect(await next()).toEqual({ connection: joined });
});

test("connects to the database that a killed service left running", async () => {
  const dataFolder = await warmDataFolder();
  const { child, next } = await startProcess(service(dataFolder));
  await next();
  await endProcess(child);
  const joined = await joinEmbedded(dataFolder);
  expect(await query({ connection: joined! }, "select 1 as one")).toEqual([{ one: 1 }]);
  await start({ dataFolder });
});

test("returns undefined and creates nothing if no database runs", async () => {
  expect(await joinEmbedded(await warmDataFolder())).toBeUndefined();
  expect(await joinEmbedded(join(await temporaryFolder(), "missing"))).toBeUndefined();
});
