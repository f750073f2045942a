import { beforeEach, describe, expect, test } from "vitest";
import { type Client, startApp } from "../../testing/start-app.ts";

const registry = startApp();
const jobs = "/v1/customer-imports";
const customers = "/v1/enterprise-customers";

let client: Client;
beforeEach(async () => {
  client = await registry.client();
});

const csv = (...lines: string[]) => `${lines.join("\n")}\n`;
const people = csv("external_id,First name,Last name", "K-1,Jürgen,Müller", "K-2,Ada,Lovelace");

/** Sends a file, has it worked on, and gives the import as it then is. */
async function imported(body: string | Buffer, query: Record<string, string> = {}, type = "text/csv") {
  const sent = await client.post(jobs, body, { query, headers: { "content-type": type } });
  expect(sent.status, sent.text).toBe(202);
  await registry.work();
  const { body: found } = await client.get(sent.headers["location"] as string);
  return found.data;
}

const names = async () => {
  const { body } = await client.get(customers, { query: { sort: "externalId" } });
  return body.data.map(
    (value: { externalId: string; fullName: string }) => `${value.externalId} ${value.fullName}`,
  );
};

describe("a file", () => {
  test("becomes a job, and its rows customers", async () => {
    const sent = await client.post(jobs, people, { headers: { "content-type": "text/csv" } });
    expect(sent.status, sent.text).toBe(202);
    expect(sent.body.data).toMatchObject({ kind: "import", phase: "queued" });
    expect(sent.headers["location"]).toBe(`${jobs}/${sent.body.data.id}`);
    await registry.work();
    const { body } = await client.get(`${jobs}/${sent.body.data.id}`);
    expect(body.data).toMatchObject({
      phase: "completed",
      rowsTotal: 2,
      rowsRead: 2,
      created: 2,
      updated: 0,
      failed: 0,
      progress: 1,
      file: { type: "csv", encoding: "utf-8" },
    });
    expect(await names()).toEqual(["K-1 Jürgen Müller", "K-2 Ada Lovelace"]);
  });

  test("sent again returns the same job, and changes nothing when it is imported anew", async () => {
    const first = await imported(people);
    const same = await client.post(jobs, people, { headers: { "content-type": "text/csv" } });
    expect(same.body.data.id).toBe(first.id);
    const again = await imported(people, { again: "1" });
    expect(again.id).not.toBe(first.id);
    expect(again).toMatchObject({ created: 0, unchanged: 2 });
  });

  test("is planned, and the plan is applied", async () => {
    await imported(people);
    const changed = csv("external_id,First name,Last name", "K-1,Jürgen,Meier", "K-3,Grace,Hopper");
    const plan = await imported(changed, { dry_run: "1" });
    expect(plan).toMatchObject({ dryRun: true, phase: "completed", created: 1, updated: 1 });
    expect(await names()).toEqual(["K-1 Jürgen Müller", "K-2 Ada Lovelace"]);
    const sent = await client.post(`${jobs}/${plan.id}/apply`, {});
    expect(sent.status, sent.text).toBe(202);
    await registry.work();
    const { body } = await client.get(sent.headers["location"] as string);
    expect(body.data).toMatchObject({ phase: "completed", planId: plan.id, created: 1, updated: 1 });
    expect(await names()).toEqual(["K-1 Jürgen Meier", "K-2 Ada Lovelace", "K-3 Grace Hopper"]);

    const undo = await client.post(`${jobs}/${body.data.id}/undo`, {});
    expect(undo.status, undo.text).toBe(202);
    await registry.work();
    const undone = await client.get(undo.headers["location"] as string);
    expect(undone.body.data).toMatchObject({
      kind: "undo",
      phase: "completed",
      deleted: 1,
      updated: 1,
      failed: 0,
    });
    expect(await names()).toEqual(["K-1 Jürgen Müller", "K-2 Ada Lovelace"]);
  });

  test("whose plan is out of date is not applied", async () => {
    await imported(people);
    const changed = csv("external_id,First name,Last name", "K-1,Jürgen,Meier", "K-3,Grace,Hopper");
    const plan = await imported(changed, { dry_run: "1" });
    await client.patch(`${customers}/K-1?external=1`, {
      customfields: [{ id: "email", value: "j@example.com" }],
    });
    const sent = await client.post(`${jobs}/${plan.id}/apply`, {});
    await registry.work();
    const { body } = await client.get(sent.headers["location"] as string);
    expect(body.data).toMatchObject({
      phase: "failed",
      problem: { code: "IMPORT_PLAN_OUTDATED" },
      created: 0,
    });
    expect(body.data.problem.details[0]).toMatchObject({ path: "line 2", code: "CUSTOMER_CHANGED_SINCE" });
    expect(await names()).toEqual(["K-1 Jürgen Müller", "K-2 Ada Lovelace"]);
  });
});

describe("an encoding", () => {
  const quoted = Buffer.from("external_id,Last name\nK-1,Größe\nK-2,\x93Jos\xe9\x94\n", "latin1");

  test("that is not supported is refused with its line, unless one is stated", async () => {
    const both = Buffer.concat([
      Buffer.from("external_id,Last name\nK-1,Größe\n"),
      Buffer.from([0x4b, 0x2c, 0xe9, 0x0a]),
    ]);
    const headers = { "content-type": "text/csv" };
    const refused = await client.post(jobs, both, { headers });
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({
      errorCode: "IMPORT_FILE_INVALID",
      details: { body: { "": "contains invalid UTF-8 at line 3: save it as UTF-8 again" } },
    });
    const job = await imported(both, { encoding: "windows-1252" });
    expect(job).toMatchObject({ phase: "completed", created: 2, file: { encoding: "windows-1252" } });
  });

  test("of Windows is detected", async () => {
    expect(await imported(quoted)).toMatchObject({ created: 2, file: { encoding: "windows-1252" } });
    expect(await names()).toEqual(["K-1 Größe", "K-2 “José”"]);
  });
});
