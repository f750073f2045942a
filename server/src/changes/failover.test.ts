import { execFile } from "node:child_process";
import { chown, cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createApp as createService } from "../app.ts";
import { createApp } from "../apps/provision.ts";
import { openDatabase } from "../database/open.ts";
import { createEnterprise } from "../enterprises/operations.ts";

const run = promisify(execFile);
const timeout = 900_000;

const installed = "/usr/lib/postgresql";
const versions = await readdir(installed).catch(() => []);
const binaries = versions.length === 0 ? undefined : join(installed, versions.sort().at(-1) ?? "", "bin");
if (!binaries) process.stdout.write(`No PostgreSQL server in ${installed}: its failover is not tested.\n`);

const isRoot = process.getuid?.() === 0;
let account: { uid: number; gid: number } | undefined;
let folder = "";
const running = new Set<Server>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "clientele-failover-"));
  if (!binaries || !isRoot) return;
  const idOf = async (option: string) => Number((await run("id", [option, "postgres"])).stdout);
  account = { uid: await idOf("-u"), gid: await idOf("-g") };
  await chown(folder, account.uid, account.gid);
});
afterEach(async () => {
  for (const server of running) await stop(server);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const command = (name: string, ...args: string[]) =>
  run(join(binaries ?? "", name), args, { cwd: folder, ...account });

type Server = { data: string; port: number };

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });

async function start(data: string): Promise<Server> {
  const server = { data, port: await freePort() };
  const options = `-p ${server.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''`;
  await command("pg_ctl", "-D", data, "-w", "-l", `${data}.log`, "-o", options, "start");
  running.add(server);
  return server;
}

async function stop(server: Server): Promise<void> {
  running.delete(server);
  await command("pg_ctl", "-D", server.data, "-w", "-m", "immediate", "stop");
}

async function query(
  server: Server,
  text: string,
  database = "postgres",
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ host: "127.0.0.1", port: server.port, user: "postgres", database });
  await client.connect();
  return client.query(text).then(
    ({ rows }) => client.end().then(() => rows),
    (error) => client.end().then(() => Promise.reject(error)),
  );
}

async function newServer(name: string): Promise<Server> {
  const data = join(folder, name);
  await command("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8");
  const server = await start(data);
  await query(server, "create role owner login createrole password 'owner'");
  await query(server, "create database clientele owner owner");
  return server;
}

type Change = { id: string; after: { name: string } };
let token = "";

/** Runs the service on a server. The first one creates an enterprise; its token is valid on copies too. */
async function withService<T>(
  server: Server,
  work: (service: {
    tag(name: string): Promise<void>;
    follow(cursor?: string): Promise<{ names: string; ids: string[]; cursor: string }>;
    read(cursor: string): Promise<{ status: number; body: unknown }>;
  }) => Promise<T>,
  name = "clientele",
): Promise<T> {
  const url = `postgres://owner:owner@127.0.0.1:${server.port}/${name}`;
  const database = await openDatabase({ place: { url }, log: () => undefined });
  const app = await createService({ database });
  const call = async (method: "GET" | "POST", path: string, more: object) => {
    const answer = await app.inject({ method, url: path, headers: { authorization: token }, ...more });
    return { status: answer.statusCode, body: answer.json() };
  };
  const read = (cursor?: string) =>
    call("GET", "/v1/customer-changes", {
      query: { subject: "tag", ...(cursor !== undefined && { cursor }) },
    });
  try {
    if (token === "") {
      const now = new Date();
      const enterpriseId = await createEnterprise(database.operator, "Test", now);
      const credentials = await createApp(database.operator, enterpriseId, { name: "Test" }, now);
      const payload = { appid: credentials.appId, appsecret: credentials.appSecret };
      token = (await call("POST", "/v1/auth/token", { payload })).body.accessToken;
    }
    return await work({
      async tag(tagName) {
        const { status } = await call("POST", "/v1/customer-tags", { payload: { name: tagName } });
        expect(status).toBe(201);
      },
      async follow(cursor) {
        const { status, body } = await read(cursor);
        expect(status, JSON.stringify(body)).toBe(200);
        const changes: Change[] = body.data.changes;
        return {
          names: changes.map(({ after }) => after.name).join(""),
          ids: changes.map(({ id }) => id),
          cursor: body.data.nextCursor,
        };
      },
      read,
    });
  } finally {
    await app.close();
    await database.close();
  }
}

const refused = {
  status: 410,
  body: {
    errorCode: "CURSOR_EXPIRED",
    extras: { errors: [{ key: "CURSOR_OF_LOST_CHANGES" }] },
  },
};

afterEach(() => {
  token = "";
});

test.skipIf(!binaries)(
  "a promoted standby that lacks the last changes refuses cursors behind them",
  { timeout },
  async () => {
    const primary = await newServer("primary");
    const { safe } = await withService(primary, async ({ tag, follow }) => {
      for (const name of ["a", "b"]) await tag(name);
      return { safe: await follow() };
    });
    const copied = join(folder, "standby");
    await command(
      "pg_basebackup",
      "-R",
      "-D",
      copied,
      "-h",
      "127.0.0.1",
      "-p",
      String(primary.port),
      "-U",
      "postgres",
    );
    const standby = await start(copied);
    // Replication is asynchronous, and ends before the last changes.
    await query(standby, "alter system set primary_conninfo = ''");
    await query(standby, "select pg_reload_conf()");
    await expect.poll(() => query(primary, "select from pg_stat_replication")).toEqual([]);
    const lost = await withService(primary, async ({ tag, follow }) => {
      for (const name of ["c", "d"]) await tag(name);
      return follow(safe.cursor);
    });
    expect(lost.names).toBe("cd");
    await stop(primary);
    await command("pg_ctl", "-D", copied, "-w", "promote");

    await withService(standby, async ({ tag, follow, read }) => {
      expect(await read(lost.cursor)).toMatchObject(refused);
      expect((await follow(safe.cursor)).names).toBe("");
      for (const name of ["e", "f", "g"]) {
        await tag(name);
        expect(await read(lost.cursor)).toMatchObject(refused);
      }
      const { names, ids } = await follow(safe.cursor);
      expect(names).toBe("efg");
      expect((await follow()).names).toBe("abefg");
      expect(ids.filter((id) => lost.ids.includes(id))).toEqual([]);
    });
  },
);

test.skipIf(!binaries)(
  "a started copy of a data folder refuses cursors of the original that it does not know",
  { timeout },
  async () => {
    const original = await newServer("original");
    const safe = await withService(original, async ({ tag, follow }) => {
      await tag("a");
      return follow();
    });
    await command("pg_ctl", "-D", original.data, "-w", "-m", "fast", "stop");
    running.delete(original);
    const data = join(folder, "copy");
    await cp(original.data, data, { recursive: true });
    if (account) await run("chown", ["-R", `${account.uid}:${account.gid}`, data]);
    await run("chmod", ["700", data]);
    const again = await start(original.data);
    const lost = await withService(again, async ({ tag, follow }) => {
      await tag("b");
      return follow(safe.cursor);
    });
    expect(lost.names).toBe("b");
    await stop(again);

    await withService(await start(data), async ({ tag, follow, read }) => {
      expect(await read(lost.cursor)).toMatchObject(refused);
      await tag("c");
      expect(await read(lost.cursor)).toMatchObject(refused);
      expect((await follow(safe.cursor)).names).toBe("c");
    });
  },
);

test.skipIf(!binaries)(
  "a restored dump continues, and refuses later cursors of its original on the same server",
  { timeout },
  async () => {
    const server = await newServer("dumped");
    const safe = await withService(server, async ({ tag, follow }) => {
      await tag("a");
      return follow();
    });
    const dump = join(folder, "clientele.dump");
    const place = ["-h", "127.0.0.1", "-p", String(server.port), "-U", "postgres"];
    await command("pg_dump", ...place, "-Fc", "-f", dump, "clientele");
    const lost = await withService(server, async ({ tag, follow }) => {
      await tag("b");
      return follow(safe.cursor);
    });
    await query(server, "create database restored owner owner");
    await command("pg_restore", ...place, "-d", "restored", dump);

    await withService(
      server,
      async ({ tag, follow, read }) => {
        expect(await read(lost.cursor)).toMatchObject(refused);
        expect((await follow(safe.cursor)).names).toBe("");
        await tag("c");
        expect(await read(lost.cursor)).toMatchObject(refused);
        const { names, ids } = await follow(safe.cursor);
        expect(names).toBe("c");
        expect(ids).not.toEqual(lost.ids);
      },
      "restored",
    );
  },
);
