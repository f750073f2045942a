import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbedded } from "@clientele/embedded-postgres";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { openDatabase } from "../database/open.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The server that the tests share, as one who may create databases. */
    databaseServer: { adminUrl: string; template: string };
  }
}

const silent = () => undefined;

/**
 * One PostgreSQL for the whole run, that of DATABASE_URL or an embedded one, and on it one migrated database that
 * every test file copies.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "clientele-test-"));
  const given = process.env["DATABASE_URL"];
  const embedded = given === undefined ? await startEmbedded({ dataFolder: folder, log: silent }) : null;
  const adminUrl = given ?? urlOf(embedded!.connection);
  const template = `clientele_template_${process.pid}`;

  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await refuseWeakUser(admin);
  if (embedded) {
    await admin.query("create role clientele login createrole createdb");
    await admin.query(`create database ${template} owner clientele`);
  } else {
    await admin.query(`create database ${template}`);
  }
  const database = await openDatabase({ place: { url: databaseUrl(adminUrl, template) }, log: silent });
  await database.close();
  project.provide("databaseServer", { adminUrl, template });

  return async () => {
    await admin.query(`drop database if exists ${template} with (force)`);
    await admin.end();
    await embedded?.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

async function refuseWeakUser(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ suffices: boolean }>(
    `select rolsuper or (rolcreatedb and rolcreaterole and rolbypassrls) as suffices
     from pg_roles where rolname = current_user`,
  );
  if (!rows[0]?.suffices) {
    throw new Error("The tests need a user of DATABASE_URL with CREATEDB, CREATEROLE and BYPASSRLS.");
  }
}

type Connection = { host: string; port: number; user: string; password?: string; database: string };

function urlOf({ host, port, user, password, database }: Connection): string {
  const url = new URL(`postgres://${user}@localhost:${port}/${database}`);
  if (password) url.password = password;
  url.searchParams.set("host", host);
  return url.href;
}

/** The address of another database on the server, as the role that owns what Clientele makes. */
export function databaseUrl(adminUrl: string, name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  if (process.env["DATABASE_URL"] === undefined) url.username = "clientele";
  return url.href;
}
