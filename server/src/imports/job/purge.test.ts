import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { purge } from "../../jobs/purge.ts";
import { type Client, startApp } from "../../testing/start-app.ts";
import { importPurge } from "./purge.ts";

const dayMs = 86_400_000;
let now = new Date("2030-01-01T00:00:00Z");
const registry = startApp({ clock: () => now });
const jobs = "/v1/customer-imports";

let client: Client;
beforeEach(async () => {
  now = new Date("2030-01-01T00:00:00Z");
  client = await registry.client();
});

const after = (days: number, seconds = 0) => new Date(now.getTime() + days * dayMs + seconds * 1_000);
const purgeAt = (at: Date) => purge(registry.database, importPurge, at);

async function sent(body: string | Buffer, query: Record<string, string> = {}): Promise<string> {
  const answer = await client.post(jobs, body, { query, headers: { "content-type": "text/csv" } });
  expect(answer.status, answer.text).toBe(202);
  return answer.body.data.id;
}

async function imported(body: string | Buffer, query: Record<string, string> = {}): Promise<string> {
  const id = await sent(body, query);
  await registry.work();
  return id;
}

const counted = async (...tables: string[]) => {
  const counts: Record<string, number> = {};
  for (const table of tables) {
    const { rows } = await registry.database.admin.query(
      `select count(*)::integer as count from ${table} where enterprise_id = $1`,
      [client.enterpriseId],
    );
    counts[table] = rows[0].count;
  }
  return counts;
};
const files = () => counted("import_files", "import_file_pieces");

describe("an import", () => {
  test("is deleted after 30 days, with its rows and its file", async () => {
    await imported("external_id\nK-1\n");
    await purgeAt(after(30, -1));
    expect(await counted("customer_imports", "import_chunks", "import_files")).toEqual({
      customer_imports: 1,
      import_chunks: 1,
      import_files: 1,
    });
    await purgeAt(after(30));
    expect(
      await counted("customer_imports", "import_chunks", "import_files", "import_file_pieces", "customers"),
    ).toEqual({
      customer_imports: 0,
      import_chunks: 0,
      import_files: 0,
      import_file_pieces: 0,
      customers: 1,
    });
  });

  test("that is not finished is kept at any age", async () => {
    await sent("external_id\nK-1\n");
    await purgeAt(after(365));
    expect(await counted("customer_imports", "import_files")).toEqual({
      customer_imports: 1,
      import_files: 1,
    });
    await registry.work();
  });

  test("is kept while an unfinished import refers to it", async () => {
    const id = await imported("external_id\nK-1\n");
    const plan = await imported("external_id\nK-2\n", { dry_run: "1" });
    now = after(30);
    client = await renewed(client);
    await client.post(`${jobs}/${id}/undo`, {});
    await client.post(`${jobs}/${plan}/apply`, {});
    await purgeAt(now);
    expect((await counted("customer_imports"))["customer_imports"]).toBe(4);
    await registry.work();
    await purgeAt(now);
    const { body } = await client.get(jobs);
    expect(body.data.map((job: { phase: string }) => job.phase)).toEqual(["completed", "completed"]);
    // The import that has performed the plan has the plan's file.
    expect((await files())["import_files"]).toBe(1);
  });

  test("keeps a file that another import uses", async () => {
    const plan = await imported("external_id\nK-1\n", { dry_run: "1" });
    now = after(20);
    client = await renewed(client);
    await client.post(`${jobs}/${plan}/apply`, {});
    await registry.work();
    await purgeAt(after(10));
    expect(await counted("customer_imports", "import_files")).toEqual({
      customer_imports: 1,
      import_files: 1,
    });
  });
});

describe("a file", () => {
  test("without an import is deleted after a day, in any number of pieces", async () => {
    const large = Buffer.from(`external_id,notes\n${randomBytes(36 * 1024 * 1024).toString("hex")}\n`);
    await sent(large);
    await sent(large);
    expect((await files())["import_files"]).toBe(2);
    expect((await files())["import_file_pieces"]).toBe(2 * 73);
    await purgeAt(after(1, -1));
    expect((await files())["import_files"]).toBe(2);
    await purgeAt(after(1));
    expect(await files()).toEqual({ import_files: 1, import_file_pieces: 73 });
  });

  test("whose upload was interrupted is deleted after a day", async () => {
    const { enterpriseId } = client;
    await registry.database.admin.query(
      `insert into import_files (enterprise_id, id, type, created_at) values ($1, '0123456789abcdef0123456700000000', 'csv', $2)`,
      [enterpriseId, now],
    );
    await registry.database.admin.query(
      `insert into import_file_pieces (enterprise_id, file_id, piece, bytes) values ($1, '0123456789abcdef0123456700000000', 0, 'x')`,
      [enterpriseId],
    );
    await purgeAt(after(1));
    expect(await files()).toEqual({ import_files: 0, import_file_pieces: 0 });
  });
});

test("a purge of all enterprises returns the number of deleted rows, and stops when it is aborted", async () => {
  await registry.work();
  await purgeAt(after(365));
  await imported("external_id\nK-1\n");
  const stopped = new AbortController();
  stopped.abort();
  expect(await purge(registry.database, importPurge, after(30), stopped.signal)).toBe(0);
  // The import, the piece, the file.
  expect(await purgeAt(after(30))).toBe(3);
  expect(await purgeAt(after(30))).toBe(0);
});

/** An app of the same enterprise with a token of the present. */
const renewed = ({ enterpriseId }: Client): Promise<Client> => registry.client({ enterpriseId });
