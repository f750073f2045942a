import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runClientele } from "../testing/run-clientele.ts";
import { type Enterprise, startService } from "../testing/start-service.ts";

const service = startService();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "clientele-import-"));
});
afterAll(() => rm(folder, { recursive: true }));

const people = [
  "Kundennr;Vorname;E-Mail;Lieblingsfarbe;Geburtstag;Intern",
  "1;Jürgen;j@example.com;blau;01.02.1990;x",
  "2;Ada;nobody;rot;10.12.1815;y",
  "3;Grace;g@example.com;;31.02.1990;",
  "",
].join("\n");

async function given(name: string, content: string | Uint8Array = people): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const commandsOf = ({ environment }: Enterprise) => ({
  run: (...args: string[]) => runClientele(args, environment),
  json: async (...args: string[]) => {
    const { stdout } = await runClientele([...args, "--json"], environment);
    return JSON.parse(stdout);
  },
});

const id = "[0-9a-f]{24}";
const lines = (text: string, pattern: RegExp) => text.split("\n").filter((line) => pattern.test(line));

describe.concurrent("clientele import", () => {
  test("tells what came of each row, and writes those that failed to be mended", async () => {
    const enterprise = await service.enterprise();
    const { run } = commandsOf(enterprise);
    const file = await given("people.csv");
    const errors = join(folder, "errors.csv");
    const options = ["--map", "Kundennr=external_id", "--map", "Lieblingsfarbe=+Farbe", "--map", "Intern="];
    const { code, stdout, stderr } = await run(
      ...["import", file, ...options, "--date-format", "DD.MM.YYYY", "--errors", errors],
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`^Import ${id} of people.csv is done.\n`));
    expect(stdout).toMatch(/\nCREATED +UPDATED +UNCHANGED +FAILED +WARNED +TIME +ROWS\/S\n1 +0 +0 +2 +0 /);
    expect(stdout).toContain("\nColumns left out: Intern (as asked)\n");
    expect(stdout).toContain("\nFields made: Farbe\n");
    expect(lines(stdout, /^ {2}\d/)).toEqual([
      "  3     E-Mail      is not an e-mail address",
      "  4     Geburtstag  is not a day written DD.MM.YYYY",
    ]);
    expect(stdout).toMatch(new RegExp(`\nNext:\n {2}undo it {2}clientele imports undo ${id}\n$`));
    expect(stderr).toMatch(/^Sending people\.csv \(\d+ bytes\)\.\n/);
    expect(stderr).toMatch(
      /\n2 rows that failed: .*errors\.csv\. Mended, the file can be imported again\.\n$/,
    );

    const mended = (await readFile(errors, "utf8"))
      .replace("nobody", "a@example.com")
      .replace("31.02", "28.02");
    const again = await run(
      "import",
      await given("errors.csv", mended),
      ...options,
      "--date-format",
      "DD.MM.YYYY",
    );
    expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/\n2 +0 +0 +0 +0 /) });
    const { data } = await enterprise.client.listCustomers({ sort: "externalId" });
    expect(data.map(({ firstName }) => firstName)).toEqual(["Jürgen", "Ada", "Grace"]);
  });

  test("stops at columns without a field, with what they hold and the three choices", async () => {
    const { run } = commandsOf(await service.enterprise());
    const { code, stdout } = await run("import", await given("columns.csv"), "--map", "Kundennr=external_id");
    expect(code).toBe(1);
    expect(stdout).toMatch(/columns\.csv stopped before its first row: columns have no field\.\n/);
    expect(lines(stdout, /^ {2}/)).toEqual([
      '  Lieblingsfarbe  such as "blau", "rot"',
      '  Intern  such as "x", "y"',
      '  a field there is   --map "Lieblingsfarbe=<field>"',
      '  a new field        --map "Lieblingsfarbe=+" (or --create-fields for all of them)',
      '  leave it out       --map "Lieblingsfarbe=" (or --on-unknown warn for all of them)',
    ]);
  });

  test("plans and applies without a word to a person, and is one JSON document", async () => {
    const enterprise = await service.enterprise();
    const mapping = await given("mapping.json", JSON.stringify({ Kundennr: "external_id", Intern: null }));
    const options = ["--mapping", mapping, "--create-fields", "--date-format", "DD.MM.YYYY"];
    const { json } = commandsOf(enterprise);
    const file = await given("packed.csv.gz", gzipSync(people));
    const plan = await json("import", file, ...options, "--dry-run");
    expect(plan).toMatchObject({ dryRun: true, phase: "completed", created: 1, failed: 2 });
    const applied = await json("import", file, ...options, "--apply", "--yes");
    expect(applied).toMatchObject({ planId: plan.id, dryRun: false, created: 1, failed: 2 });
    expect((await enterprise.client.listCustomers()).total).toBe(1);
  });

  test("reads standard input, and says that it knows a file already", async () => {
    const { environment } = await service.enterprise();
    const args = ["import", "-", "--type", "ndjson"];
    const stdin = '{"external_id":"1"}\n{"external_id":"2"}\n';
    const first = await runClientele(args, environment, { stdin });
    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/\n2 +0 +0 +0 +0 /) });
    expect(first.stderr).toMatch(/^Sending standard input\.\n/);
    const second = await runClientele(args, environment, { stdin });
    expect(second.stdout).toBe(first.stdout);
    expect(second.stderr).toMatch(/is import .* --again imports it anew\.\n/);
  });

  test("says in a sentence what of its options the service refuses, and that there is nothing to import", async () => {
    const { environment } = await service.enterprise();
    const said = async (...args: string[]) => {
      const { code, stdout, stderr } = await runClientele(["import", "-", ...args], environment, {
        stdin: "",
      });
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      return stderr;
    };
    expect(await said()).toBe("Sending standard input.\nThe file cannot be read: body is empty\n");
    expect(await said("--apply")).toMatch(/^--apply asks before .*: add --yes\.\n$/);
    const file = await given("dates.csv");
    const { stderr } = await runClientele(["import", file, "--date-format", "x"], environment);
    expect(stderr).toMatch(/\n--date-format must name day, month and year once each, .*\n$/);
  });
});

describe.concurrent("clientele imports", () => {
  test("lists, shows, plans and undoes", async () => {
    const enterprise = await service.enterprise();
    const { run, json } = commandsOf(enterprise);
    const { client } = enterprise;
    const imported = async (name: string, rows: string, dryRun: number) => {
      const file = new Blob([`external_id,First name\n${rows}`]);
      const { data } = await client.createImport({ body: { file, type: "text/csv", name }, dry_run: dryRun });
      return (await Array.fromAsync(client.follow(data.id))).at(-1)!;
    };
    const done = await imported("first.csv", "1,Ann\n2,Bo\n", 0);
    const plan = await imported("second.csv", "1,Anna\n", 1);
    expect((await run("imports", "rows", plan.id)).stdout).toMatch(
      /^LINE +OUTCOME +CUSTOMER +SAYS\n2 +updated +[0-9a-f]{24} +First name: Ann → Anna\n$/,
    );
    const { stdout: listed } = await run("imports", "list");
    // Those of one second come in any order.
    const told = lines(listed, /completed/).map((line) => line.split(/ {2,}/).slice(2));
    expect(told.toSorted()).toEqual([
      ["dry run", "completed", "0", "1", "0", "0", "second.csv"],
      ["import", "completed", "2", "0", "0", "0", "first.csv"],
    ]);
    expect(await json("imports", "apply", plan.id)).toMatchObject({ planId: plan.id, updated: 1 });

    const undo = await run("imports", "undo", done.id);
    expect(undo.code).toBe(1);
    expect(undo.stdout).toMatch(/\n0 +1 +0 +1 /);
    expect(undo.stdout).toContain("1 customer changed since and stays:");
    const { data } = await client.listCustomers();
    expect(data.map(({ firstName }) => firstName)).toEqual(["Anna"]);
    expect(await run("imports", "cancel", done.id)).toMatchObject({
      code: 1,
      stderr: "It has completed already.\n",
    });
  });

  test("fetches what failed, and follows what was only sent", async () => {
    const { run, json } = commandsOf(await service.enterprise());
    const file = await given("bad.csv", "external_id,E-mail\n1,nobody\n");
    const sent = await json("import", file, "--detach");
    expect(sent).toMatchObject({ kind: "import", phase: "queued" });
    const followed = await run("imports", "follow", sent.id);
    expect(followed).toMatchObject({ code: 1, stdout: expect.stringContaining("1 row failed:") });
    const { code, stdout } = await run("imports", "errors", sent.id);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/\n1,nobody,2,E-mail,/) });
  });
});
