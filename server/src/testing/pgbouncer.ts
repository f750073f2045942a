import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { chown, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Pooler } from "./pooler.ts";

/** The program in the PATH, or where Debian installs it; undefined when it is not installed. */
export const pgbouncer: string | undefined = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"]
  .map((folder) => join(folder, "pgbouncer"))
  .find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

const serverConnections = 2;
const nobody = { uid: 65_534, gid: 65_534 };

/** PgBouncer in transaction mode before the server of the URLs, for their users. */
export async function startPgbouncer(
  program: string,
  urls: readonly string[],
  settings: Record<string, string> = {},
): Promise<Pooler> {
  const addresses = urls.map((url) => new URL(url));
  const [{ hostname, port, searchParams } = new URL("postgres://localhost")] = addresses;
  const host = searchParams.get("host") ?? hostname;
  // It refuses to run as root, and a socket is open to its owner only.
  const account = process.getuid?.() === 0 ? (host.startsWith("/") ? await stat(host) : nobody) : undefined;
  const folder = await mkdtemp(join(tmpdir(), "clientele-pgbouncer-"));
  const ownPort = await freePort();
  const users = new Map(addresses.map(({ username, password }) => [username, decodeURIComponent(password)]));
  const options = {
    listen_addr: "127.0.0.1",
    listen_port: String(ownPort),
    unix_socket_dir: "",
    auth_type: "trust",
    auth_file: join(folder, "users.txt"),
    pool_mode: "transaction",
    default_pool_size: String(serverConnections),
    ...settings,
  };
  const lines = Object.entries(options).map(([name, value]) => `${name} = ${value}`);
  await writeFile(
    join(folder, "pgbouncer.ini"),
    `[databases]\n* = host=${host} port=${port}\n[pgbouncer]\n${lines.join("\n")}\n`,
  );
  await writeFile(
    options.auth_file,
    [...users].map(([name, password]) => `"${name}" "${password}"\n`).join(""),
  );
  if (account) {
    for (const path of ["", "pgbouncer.ini", "users.txt"])
      await chown(join(folder, path), account.uid, account.gid);
  }
  const child = spawn(program, [join(folder, "pgbouncer.ini")], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
    ...(account && { uid: account.uid, gid: account.gid }),
  });
  let log = "";
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      log += text;
      if (/process up/.test(log)) resolve();
    });
    child.once("exit", () => reject(new Error(`PgBouncer ended: ${log}`)));
    child.once("error", reject);
  });
  return {
    url(url) {
      const address = new URL(url);
      address.searchParams.delete("host");
      address.host = `127.0.0.1:${ownPort}`;
      return address.href;
    },
    async close() {
      const ended = once(child, "exit");
      child.kill("SIGINT");
      child.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("No port is free.");
  return address.port;
}
