import { randomBytes } from "node:crypto";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { openDatabase } from "../database/open.ts";
import { databaseUrl, startTestCluster, templateName } from "./test-cluster.ts";

/**
 * Provides one PostgreSQL server for all test files of the project, that of DATABASE_URL or an embedded one, with a
 * migrated database that every test file copies.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env["DATABASE_URL"];
  if (given !== undefined) return useServer(project, given);
  const { adminUrl, stop } = await startTestCluster();
  project.provide("databaseServer", { adminUrl, template: templateName });
  return stop;
}

async function useServer(project: TestProject, adminUrl: string): Promise<() => Promise<void>> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await requireSufficientRole(admin);
  const template = `${templateName}_${randomBytes(6).toString("hex")}`;
  await admin.query(`create database ${template}`);
  const database = await openDatabase({
    place: { url: databaseUrl(adminUrl, template) },
    log: () => undefined,
  });
  await database.close();
  project.provide("databaseServer", { adminUrl, template });
  return async () => {
    await admin.query(`drop database if exists ${template} with (force)`);
    await admin.end();
  };
}

async function requireSufficientRole(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ suffices: boolean }>(
    `select rolsuper or (rolcreatedb and rolcreaterole and rolbypassrls) as suffices
     from pg_roles where rolname = current_user`,
  );
  if (!rows[0]?.suffices) {
    throw new Error("The tests need a user of DATABASE_URL with CREATEDB, CREATEROLE and BYPASSRLS.");
  }
}
