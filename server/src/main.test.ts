import { execFile } from "node:child_process";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { startEmbedded } from "@clientele/embedded-postgres";
import pg from "pg";
import { afterEach, describe, expect, test } from "vitest";
import { databaseServer } from "./testing/database-server.ts";
import {
  endAll,
  eventually,
  firstApp,
  hasServer,
  newDatabase,
  newInstallation,
  postmasterPid,
  type Run,
  start,
  startReady,
  tokenOf,
} from "./testing/service-process.ts";

const execute = promisify(execFile);
afterEach(endAll);

/** Names the reason why tests of the embedded database are skipped. */
const embedded = (name: string) => (hasServer ? `${name} (DATABASE_URL is set: not embedded)` : name);

describe("first start", () => {
  test("creates an enterprise and prints its secret and a curl command that gets a token", async () => {
    const installation = await newInstallation();
    const service = await startReady(installation);
    const app = await firstApp(installation);
    expect(app).toEqual({
      enterpriseId: expect.stringMatching(/^[0-9a-f]{24}$/),
      companyIds: [expect.stringMatching(/^[0-9a-f]{24}$/), expect.stringMatching(/^[0-9a-f]{24}$/)],
      appId: expect.stringMatching(/^[0-9a-f]{24}$/),
      appSecret: expect.stringMatching(/^cls_[0-9a-f]{24}_[\w-]{43}$/),
    });
    expect(service.stdout).toContain(`app id      ${app.appId}\n`);
    expect(service.stdout).toContain(`app secret  ${app.appSecret}\n`);
    expect(service.stdout).toContain(`${service.url}/docs`);
    expect(service.stdout.trimEnd().split("\n").length).toBeLessThanOrEqual(12);
    expect(service.stderr).toBe("");
    const { mode } = await stat(join(installation.dataFolder, "first-app.json"));
    expect(mode & 0o777).toBe(0o600);

    const curl = /curl .*$/m.exec(service.stdout)?.[0];
    const granted = await execute("sh", ["-c", `${curl} --silent`]);
    const { accessToken: token, expires } = JSON.parse(granted.stdout);
    expect(expires).toBe(7200);
    const created = await service.call("POST", "/v1/enterprise-customers", token, { external_id: "one" });
    expect(created.status).toBe(201);
    const companies = await service.call("GET", "/v1/companies", token);
    expect(companies.body.data.map(({ id }: { id: string }) => id)).toEqual(app.companyIds);
  });

  test("the second start prints its URL and a link to sign in, and the data is still there", async () => {
    const installation = await newInstallation();
    const first = await startReady(installation);
    const app = await firstApp(installation);
    const token = await tokenOf(first.call, app);
    await first.call("POST", "/v1/enterprise-customers", token, { external_id: "kept" });
    first.child.kill("SIGTERM");
    await first.ended;

    const environment = { ...installation.environment, CLIENTELE_CONSOLE: "on" };
    const second = await startReady({ ...installation, environment });
    expect(second.stdout).toMatch(
      new RegExp(
        `^(Building the console.*\n)?Clientele is ready at ${second.url}\n\n.*\n  ${second.url}/set-up#[\\w-]{43}\n$`,
      ),
    );
    const page = await fetch(`${second.url}/set-up`, { headers: { accept: "text/html" } });
    expect(await page.text()).toContain("<title>Clientele</title>");
    expect(await firstApp(installation)).toEqual(app);
    const kept = await second.call("GET", "/v1/enterprise-customers/kept?external=1", token);
    expect(kept).toMatchObject({ status: 200, body: { data: { externalId: "kept" } } });
  });

  test("after a start that was killed before its commit, the next one is a first start", async () => {
    const installation = await newInstallation();
    const leftover = {
      enterpriseId: "0".repeat(24),
      companyIds: [],
      appId: "1".repeat(24),
      appSecret: "lost",
    };
    await writeFile(join(installation.dataFolder, "first-app.json"), JSON.stringify(leftover));
    const service = await startReady(installation);
    const app = await firstApp(installation);
    expect(service.stdout).toContain(app.appSecret);
    expect(await tokenOf(service.call, app)).toEqual(expect.any(String));
    const kept = join(installation.dataFolder, `first-app.${leftover.enterpriseId}.json`);
    expect(JSON.parse(await readFile(kept, "utf8"))).toEqual(leftover);
  });

  test("two first starts at once create one enterprise", async () => {
    const installation = await newInstallation();
    const url = await newDatabase();
    const { dataFolder } = installation;
    const both = [1, 2].map(() => start({ environment: { CLIENTELE_DATA: dataFolder, DATABASE_URL: url } }));
    await Promise.all(both.map((service) => eventually(() => expect(service.stdout).toContain("ready at"))));
    const greeted = both.filter(({ stdout }) => stdout.includes("app secret"));
    expect(greeted).toHaveLength(1);
    expect(greeted[0]?.stdout).toContain((await firstApp(installation)).appSecret);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query("select count(*)::integer as count from clientele.signing_keys");
    await client.end();
    expect(rows[0].count).toBeGreaterThan(0);
  });

  test.skipIf(hasServer)(embedded("two first starts at once on a data folder: one is refused"), async () => {
    const installation = await newInstallation();
    const both = [start(installation), start(installation)];
    const refused = await Promise.race(both.map((service) => service.ended.then(() => service)));
    expect(refused.stderr).toMatch(/^Another service .* uses this data folder: .*\n$/);
    const other = both.find((service) => service !== refused)!;
    await eventually(() => expect(other.stdout).toContain("app secret"));
  });
});

describe("stop", () => {
  test("SIGTERM, SIGINT and SIGHUP stop the service and its database with code 0", async () => {
    const installation = await newInstallation();
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
      const service = await startReady(installation);
      service.child.kill(signal);
      expect(await service.ended).toEqual({ code: 0, signal: null });
      expect(service.stderr).toBe("");
      if (!hasServer) await expect(postmasterPid(installation)).rejects.toThrow("ENOENT");
    }
  });

  test("the same signal twice at once, as npm forwards it, counts once", async () => {
    const service = await startReady(await newInstallation());
    service.child.kill("SIGINT");
    service.child.kill("SIGINT");
    expect(await service.ended).toEqual({ code: 0, signal: null });
  });

  test.skipIf(process.platform === "win32")("npm forwards a signal and waits", async () => {
    const installation = await newInstallation();
    const npm = await startReady(installation, true);
    npm.child.kill("SIGTERM");
    expect(await npm.ended).toEqual({ code: 0, signal: null });
    await expect(fetch(npm.url)).rejects.toThrow();
    if (!hasServer) await expect(postmasterPid(installation)).rejects.toThrow("ENOENT");
  });

  test("a signal during the start stops the service once it has started", async () => {
    const installation = await newInstallation();
    const service = start(installation);
    await eventually<unknown>(() =>
      hasServer ? installation.query("select from clientele.migrations") : postmasterPid(installation),
    );
    service.child.kill("SIGTERM");
    expect(await service.ended).toEqual({ code: 0, signal: null });
    if (!hasServer) await expect(postmasterPid(installation)).rejects.toThrow("ENOENT");
  });

  test("answers an open request first", async () => {
    const installation = await newInstallation();
    const service = await startReady(installation);
    const token = await tokenOf(service.call, await firstApp(installation));
    const { hostname, port } = new URL(service.url);
    const body = '{"external_id":"drained"}';
    const socket = connect(Number(port), hostname).setEncoding("utf8");
    let answer = "";
    socket.on("data", (text) => (answer += text));
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.write(
      `POST /v1/enterprise-customers HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n` +
        `content-type: application/json\r\ncontent-length: ${body.length}\r\nexpect: 100-continue\r\n\r\n`,
    );
    // The service has the request when it asks for the body.
    await eventually(() => expect(answer).toContain("100 Continue"));
    service.child.kill("SIGTERM");
    const refused = () => expect(fetch(service.url)).rejects.toThrow();
    await eventually(refused);
    socket.write(body);
    await closed;
    expect(answer).toContain("HTTP/1.1 201 Created");
    expect(await service.ended).toEqual({ code: 0, signal: null });
  });
});

/** The process exits with code 1 and prints one sentence, no stack and no log. */
async function expectRefusal(service: Run, sentence: RegExp): Promise<void> {
  expect(await service.ended).toEqual({ code: 1, signal: null });
  expect(service.stderr).toMatch(/^[^\n]+\.\n$/);
  expect(service.stderr).toMatch(sentence);
  expect(service.stdout).toBe("");
}

describe("a start that fails prints one sentence and exits with code 1", () => {
  const withSettings = async (settings: Record<string, string>) => {
    const { environment } = await newInstallation();
    return start({ environment: { ...environment, ...settings } });
  };
  const withUrl = (change: (url: URL) => void) => {
    const url = new URL(databaseServer().adminUrl);
    change(url);
    return withSettings({ DATABASE_URL: url.href });
  };

  test("a busy port", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await eventually(() => expect(other.listening).toBe(true));
    const { port } = other.address() as AddressInfo;
    await expectRefusal(
      await withSettings({ PORT: `${port}` }),
      new RegExp(`^Port ${port} is in use by another program`),
    );
    other.close();
  });

  test.each([
    [{ PORT: "80x" }, /^PORT is "80x": it must be a number/],
    [{ PORT: "65536" }, /^PORT is "65536"/],
    [{ HOST: "192.0.2.1" }, /^HOST is "192.0.2.1", which is not an address of this machine/],
    [{ LOG_LEVEL: "loud" }, /^LOG_LEVEL is "loud": it must be one of/],
    [{ DATABASE_URL: "localhost" }, /^DATABASE_URL is not an address of the form postgres:/],
    [{ DATABASE_URL: "mysql://localhost/x" }, /^DATABASE_URL is not an address/],
    [{ DATABASE_URL: "postgres://u:pw@127.0.0.1:1/x" }, /DATABASE_URL cannot be used: nothing listens there/],
    [{ DATABASE_URL: "postgres://u:pw@nowhere.invalid/x" }, /DATABASE_URL cannot be used: .* host/],
    [{ DATABASE_URL: "postgres://u:pw@one:5432,two:5432/x" }, /^DATABASE_URL names several hosts: name one/],
    [{ DATABASE_URL: "postgres://u:pw@/x?host=one,two" }, /^DATABASE_URL names several hosts: name one/],
    [
      { DATABASE_POOL_URL: "postgres://u:pw@localhost/x", DATABASE_URL: "" },
      /^DATABASE_POOL_URL needs DATABASE_URL/,
    ],
  ])("%j", async (settings, sentence) => {
    const service = await withSettings(settings as Record<string, string>);
    await expectRefusal(service, sentence);
    expect(service.stderr).not.toContain("pw@");
  });

  test("a missing database", async () => {
    const service = await withUrl((url) => {
      url.pathname = "/clientele_test_missing";
    });
    await expectRefusal(service, /cannot be used: there is no such database on the server/);
  });

  test("a wrong or missing password", async () => {
    const { dataFolder } = await newInstallation();
    const { connection, stop } = await startEmbedded({
      dataFolder,
      sockets: false,
      log: () => undefined,
    });
    try {
      const address = `127.0.0.1:${connection.port}/clientele`;
      const wrong = await withSettings({ DATABASE_URL: `postgres://postgres:guess@${address}` });
      await expectRefusal(wrong, /cannot be used: the password is wrong/);
      const none = await withSettings({ DATABASE_URL: `postgres://postgres@${address}` });
      await expectRefusal(none, /cannot be used: it asks for a password and the address has none/);
    } finally {
      await stop();
    }
  });

  test("a user without the required rights", async () => {
    const { adminUrl } = databaseServer();
    const admin = new pg.Client({ connectionString: adminUrl });
    await admin.connect();
    const role = `clientele_test_${process.pid}`;
    await admin.query(`create role ${role} login password 'pw'`);
    try {
      const database = new URL(await newDatabase()).pathname;
      const service = await withUrl((url) => {
        url.username = role;
        url.password = "pw";
        url.pathname = database;
      });
      await expectRefusal(service, /lacks a right \(.*\): it must own the database and have CREATEROLE/);
    } finally {
      await admin.query(`drop role ${role}`);
      await admin.end();
    }
  });

  test("a database that can lose acknowledged writes", async () => {
    const url = await newDatabase();
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(`alter database ${new URL(url).pathname.slice(1)} set synchronous_commit = off`);
    await client.end();
    const service = await withSettings({ DATABASE_URL: url });
    await expectRefusal(service, /has synchronous_commit off and would lose what it has acknowledged/);
  });

  test("data of a newer Clientele", async () => {
    const installation = await newInstallation();
    const first = await startReady(installation);
    await installation.query(
      "insert into clientele.migrations (name, run_on) values ('9999_from_the_future', now())",
    );
    first.child.kill("SIGTERM");
    await first.ended;
    await expectRefusal(
      start(installation),
      /^The data was written by a newer Clientele .*9999_from_the_future/,
    );
  });

  test("data in the format before the first release", async () => {
    const installation = await newInstallation();
    const first = await startReady(installation);
    await installation.query("update clientele.migrations set name = '0001_enterprises'");
    first.child.kill("SIGTERM");
    await first.ended;
    await expectRefusal(
      start(installation),
      /^The data was written in the format before the first release, which no release reads/,
    );
  });

  test.skipIf(hasServer)(embedded("data of another PostgreSQL"), async () => {
    const installation = await newInstallation();
    await mkdir(join(installation.dataFolder, "pg19"));
    await expectRefusal(start(installation), /holds a database of PostgreSQL 19/);
  });

  test.skipIf(hasServer)(embedded("a second service on the same data folder"), async () => {
    const installation = await newInstallation();
    const first = await startReady(installation);
    await expectRefusal(
      start(installation),
      new RegExp(`^Another service \\(process ${first.child.pid}\\) uses this data folder`),
    );
    expect((await first.call("GET", "/v1/companies")).status).toBe(401);
  });

  test("a data folder that is a file", async () => {
    const { dataFolder, environment } = await newInstallation();
    const file = join(dataFolder, "file");
    await writeFile(file, "");
    const service = start({ environment: { ...environment, CLIENTELE_DATA: file } });
    await expectRefusal(service, new RegExp(`${file}.*: (set CLIENTELE_DATA|a file is in the way)`));
  });

  test("a full disk (skipped where no small disk can be mounted)", async ({ skip }) => {
    const { dataFolder, environment } = await newInstallation();
    const disk = join(dataFolder, "disk");
    await mkdir(disk);
    const size = hasServer ? "4k" : "20m";
    await execute("mount", ["-t", "tmpfs", "-o", `size=${size},mode=755`, "tmpfs", disk]).catch(() => skip());
    try {
      // No page is left for the file with the secret.
      if (hasServer) await writeFile(join(disk, "filler"), Buffer.alloc(4096));
      const service = start({ environment: { ...environment, CLIENTELE_DATA: disk } });
      await expectRefusal(
        service,
        hasServer ? /cannot be kept in .*ENOSPC/ : /20 MB free .*: free some space/,
      );
    } finally {
      await execute("umount", [disk]);
    }
  });
});
