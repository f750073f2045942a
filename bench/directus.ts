import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { importRows } from "./customers.ts";
import { type Environment, end, type Running } from "./environment.ts";

const version = "11.3.5";
const folder = join(
  process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"),
  "clientele-bench",
  `directus-${version}`,
);
const installTimeoutMs = 1_800_000;
const startTimeoutMs = 180_000;
const token = "bench-token-of-the-administrator";
const collection = "customers";

const run = promisify(execFile);

/** Directus with a collection of customers, on the database server of the environment. */
export type Directus = Running & { token: string; close(): Promise<void> };

export async function startDirectus({ server, superuser }: Environment): Promise<Directus> {
  const node = await findNode();
  const path = [join(node, ".."), process.env["PATH"]].join(delimiter);
  await install(path);
  await superuser.query("create database directus");
  const port = await freePort();
  const environment = {
    ...process.env,
    PATH: path,
    NODE_ENV: "production",
    HOST: "127.0.0.1",
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    DB_CLIENT: "pg",
    DB_HOST: server.host,
    DB_PORT: String(server.port),
    DB_DATABASE: "directus",
    DB_USER: "postgres",
    DB_PASSWORD: "",
    // As many connections as the service has.
    DB_POOL__MIN: "0",
    DB_POOL__MAX: "16",
    KEY: "bench",
    SECRET: "bench-secret-of-32-characters-or-more",
    ADMIN_EMAIL: "bench@example.com",
    ADMIN_PASSWORD: "bench-password",
    ADMIN_TOKEN: token,
    TELEMETRY: "false",
    LOG_LEVEL: "error",
    RATE_LIMITER_ENABLED: "false",
    // It refuses requests of a busy process.
    PRESSURE_LIMITER_ENABLED: "false",
    MAX_PAYLOAD_SIZE: "200mb",
    IMPORT_TIMEOUT: "1h",
  };
  const options = { cwd: folder, env: environment };
  const cli = [...nodeFlags, join(folder, "node_modules/directus/cli.js")];
  process.stderr.write("preparing the database of Directus\n");
  await run(node, [...cli, "bootstrap"], { ...options, timeout: startTimeoutMs });
  const child = spawn(node, [...cli, "start"], { ...options, stdio: ["ignore", "ignore", "inherit"] });
  const ended = once(child, "exit");
  const url = `http://127.0.0.1:${port}`;
  const close = () => end({ url, process: child });
  try {
    await Promise.race([
      isReady(url),
      ended.then(() => {
        throw new Error("Directus ended before it was ready.");
      }),
    ]);
    await createCollection(url);
  } catch (error) {
    await close();
    throw error;
  }
  return { url, process: child, token, close };
}

/** One of its dependencies needs the flag from Node 20 on. */
const nodeFlags = ["--no-node-snapshot"];

/** The first Node on the PATH that Directus runs on: not the one that this repository installs. */
async function findNode(): Promise<string> {
  const folders = (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((name) => !name.includes("node_modules"));
  for (const name of folders) {
    const path = join(name, "node");
    const found = await run(path, ["--version"], { timeout: 10_000 }).catch(() => undefined);
    if (found && /^v(18|20|22)\./.test(found.stdout)) return path;
  }
  throw new Error(`Directus ${version} needs Node 18, 20 or 22 on the PATH.`);
}

/** Installs it on the first use: it is no dependency of this repository. */
async function install(path: string): Promise<void> {
  const isInstalled = await access(join(folder, "installed")).then(
    () => true,
    () => false,
  );
  if (isInstalled) return;
  process.stderr.write(`installing directus@${version} in ${folder}\n`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), '{ "private": true }\n');
  // npm sets variables for the scripts that it runs, and would take this repository for its workspace.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^npm_(package|lifecycle|config_local)/.test(name),
  );
  await run("npm", ["install", `directus@${version}`, "--no-audit", "--no-fund", "--no-progress"], {
    cwd: folder,
    env: { ...Object.fromEntries(inherited), PATH: path },
    timeout: installTimeoutMs,
    maxBuffer: 64 * 1024 * 1024,
  });
  await writeFile(join(folder, "installed"), "");
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("The probe has no port.");
  return address.port;
}

async function isReady(url: string): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline) {
    const isUp = await fetch(`${url}/server/ping`, { signal: AbortSignal.timeout(5_000) }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    await wait(200);
  }
  throw new Error("Directus was not ready in time.");
}

/** The same twelve fields, with an index for each sort and key that Clientele has one for. */
async function createCollection(url: string): Promise<void> {
  const names = ["external_id", ...Object.keys(importRows(0, 1)[0]?.values ?? {})];
  const text = (field: string) => ({
    field,
    type: "string",
    meta: {},
    schema: { is_unique: field === "external_id", is_indexed: indexed.has(field) },
  });
  await request(url, "POST", "/collections", {
    collection,
    meta: {},
    schema: {},
    fields: [
      {
        field: "id",
        type: "uuid",
        meta: { special: ["uuid"], hidden: true },
        schema: { is_primary_key: true, has_auto_increment: false },
      },
      ...names.map(text),
      { field: "date_created", type: "timestamp", meta: { special: ["date-created"] }, schema: {} },
      { field: "date_updated", type: "timestamp", meta: { special: ["date-updated"] }, schema: {} },
    ],
  });
}

const indexed = new Set(["firstName", "lastName", "companyName", "email"]);

/** Sends a request as the administrator and returns the body. */
export async function request(url: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const isForm = body instanceof FormData;
  const answer = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(isForm ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(3_600_000),
  });
  const answered = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${answered.slice(0, 500)}`);
  return answered === "" ? undefined : JSON.parse(answered);
}
