import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runClientele } from "../testing/run-clientele.ts";
import { startService } from "../testing/start-service.ts";

const service = startService();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "clientele-export-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function newEnterprise() {
  const { environment, client } = await service.enterprise();
  const { data: vip } = await client.createTag({ body: { name: "VIP" } });
  await client.importCustomers({
    body: {
      customers: [
        { external_id: "1", values: { firstName: "Jürgen" }, tag_ids: [vip.id] },
        { external_id: "2", values: { firstName: "Ada" } },
      ],
    },
  });
  return { run: (...args: string[]) => runClientele(["export", ...args], environment), environment };
}

const fields = ["--fields", "external_id,firstName"];

describe.concurrent("clientele export", () => {
  test("writes the selected customers to standard output in the requested order", async () => {
    const { run } = await newEnterprise();
    expect(await run(...fields, "--sort", "externalId", "--desc", "--delimiter", ";")).toEqual({
      code: 0,
      stdout: "\ufeffexternal_id;First name\r\n2;Ada\r\n1;Jürgen\r\n",
      stderr: "",
    });
    const { stdout } = await run(
      "--format",
      "ndjson",
      "--tag",
      "vip",
      "--filter",
      "firstName=Jürgen",
      ...fields,
    );
    expect(
      stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([{ external_id: "1", values: expect.objectContaining({}) }]);
  });

  test("writes a file whose import changes nothing", async () => {
    const { run, environment } = await newEnterprise();
    const file = join(folder, "all.xlsx");
    const { code, stderr } = await run(file);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/all\.xlsx: [\d.]+ kB\.\n$/) });
    expect((await readFile(file)).subarray(0, 2).toString()).toBe("PK");
    const again = await runClientele(["import", file, "--json"], environment);
    expect(JSON.parse(again.stdout)).toMatchObject({ unchanged: 2, updated: 0, failed: 0 });
  });

  test("reports what it cannot write in one line and leaves no file behind", async () => {
    const { run } = await newEnterprise();
    const file = join(folder, "refused.csv");
    const refused = async (message: RegExp, ...args: string[]) =>
      expect(await run(...args)).toEqual({ code: 1, stdout: "", stderr: expect.stringMatching(message) });
    await refused(/^There is no tag "Gold"; the tags are VIP\.\n$/, file, "--tag", "Gold");
    await refused(
      /^There is no such custom field: .* must be one of id, external_id, /,
      file,
      "--fields",
      "x",
    );
    await refused(/cannot be written: its folder does not exist\.\n$/, join(folder, "none", "a.csv"));
    expect([file, `${file}.part`].filter(existsSync)).toEqual([]);
  });
});
