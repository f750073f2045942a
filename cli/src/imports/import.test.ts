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

async function inputFile(name: string, content: string | Uint8Array = people): Promise<string> {
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
  test("reports the outcome of each row and writes failed rows to a file that can be imported again", async () => {
    const enterprise = await service.enterprise();
    const { run } = commandsOf(enterprise);
    const file = await inputFile("people.csv");
    const errors = join(folder, "errors.csv");
    const options = ["--map", "Kundennr=external_id", "--map", "Lieblingsfarbe=+Farbe", "--map", "Intern="];
    const { code, stdout, stderr } = await run(
      ...["import", file, ...options, "--date-format", "DD.MM.YYYY", "--errors", errors],
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`^Import ${id} of people.csv completed.\n`));
    expect(stdout).toMatch(/\nCREATED +UPDATED +UNCHANGED +FAILED +WARNED +TIME +ROWS\/S\n1 +0 +0 +2 +0 /);
    expect(stdout).toContain("\nIgnored columns: Intern (as requested)\n");
    expect(stdout).toContain("\nFields created: Farbe\n");
    expect(lines(stdout, /^ {2}\d/)).toEqual([
      "  3     E-Mail      is not an e-mail address",
      "  4     Geburtstag  is not a date in the format DD.MM.YYYY",
    ]);
    expect(stdout).toMatch(new RegExp(`\nNext:\n {2}undo {2}clientele imports undo ${id}\n$`));
    expect(stderr).toMatch(/^Uploading people\.csv \(\d+ bytes\)\.\n/);
    expect(stderr).toMatch(
      /\n2 failed rows written to .*errors\.csv\. Fix the file and import it again\.\n$/,
    );

    const fixed = (await readFile(errors, "utf8"))
      .replace("nobody", "a@example.com")
      .replace("31.02", "28.02");
    const again = await run(
      "import",
      await inputFile("errors.csv", fixed),
      ...options,
      "--date-format",
      "DD.MM.YYYY",
    );
    expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/\n2 +0 +0 +0 +0 /) });
    const { data } = await enterprise.client.listCustomers({ sort: "externalId" });
    expect(data.map(({ firstName }) => firstName)).toEqual(["Jürgen", "Ada", "Grace"]);
  });

  test("stops at unmapped columns and lists sample values and the three options", async () => {
    const { run } = commandsOf(await service.enterprise());
    const { code, stdout } = await run(
      "import",
      await inputFile("columns.csv"),
      "--map",
      "Kundennr=external_id",
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/columns\.csv stopped before the first row: some columns match no field\.\n/);
    expect(lines(stdout, /^ {2}/)).toEqual([
      '  Lieblingsfarbe  such as "blau", "rot"',
      '  Intern  such as "x", "y"',
      '  to an existing field  --map "Lieblingsfarbe=<field>"',
      '  to a new field        --map "Lieblingsfarbe=+" (or --create-fields for all of them)',
      '  to nothing            --map "Lieblingsfarbe=" (or --on-unknown warn for all of them)',
    ]);
  });

  test("previews and applies without confirmation, and prints one JSON document", async () => {
    const enterprise = await service.enterprise();
    const mapping = await inputFile(
      "mapping.json",
      JSON.stringify({ Kundennr: "external_id", Intern: null }),
    );
    const options = ["--mapping", mapping, "--create-fields", "--date-format", "DD.MM.YYYY"];
    const { json } = commandsOf(enterprise);
    const file = await inputFile("packed.csv.gz", gzipSync(people));
    const plan = await json("import", file, ...options, "--dry-run");
    expect(plan).toMatchObject({ dryRun: true, phase: "completed", created: 1, failed: 2 });
    const applied = await json("import", file, ...options, "--apply", "--yes");
    expect(applied).toMatchObject({ planId: plan.id, dryRun: false, created: 1, failed: 2 });
    expect((await enterprise.client.listCustomers()).total).toBe(1);
  });

  test("reads standard input and recognises a file that was already sent", async () => {
    const { environment } = await service.enterprise();
    const args = ["import", "-", "--type", "ndjson"];
    const stdin = '{"external_id":"1"}\n{"external_id":"2"}\n';
    const first = await runClientele(args, environment, { stdin });
    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/\n2 +0 +0 +0 +0 /) });
    expect(first.stderr).toMatch(/^Uploading standard input\.\n/);
    const second = await runClientele(args, environment, { stdin });
    expect(second.stdout).toBe(first.stdout);
    expect(second.stderr).toMatch(/is import .* Use --again to import it again\.\n/);
  });

  test("reports invalid options and an empty file in one line", async () => {
    const { environment } = await service.enterprise();
    const errorOf = async (...args: string[]) => {
      const { code, stdout, stderr } = await runClientele(["import", "-", ...args], environment, {
        stdin: "",
      });
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      return stderr;
    };
    expect(await errorOf()).toBe("Uploading standard input.\nThe file cannot be read: body is empty\n");
    expect(await errorOf("--apply")).toMatch(/^--apply asks for confirmation, .*: add --yes\.\n$/);
    const file = await inputFile("dates.csv");
    const { stderr } = await runClientele(["import", file, "--date-format", "x"], environment);
    expect(stderr).toMatch(/\n--date-format must contain day, month and year once each, .*\n$/);
  });
});

describe.concurrent("clientele imports", () => {
  test("lists, previews, applies and undoes imports", async () => {
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
      /^LINE +OUTCOME +CUSTOMER +DETAILS\n2 +updated +[0-9a-f]{24} +First name: Ann → Anna\n$/,
    );
    const { stdout: listed } = await run("imports", "list");
    // Imports created within the same second have no order.
    const listedImports = lines(listed, /completed/).map((line) => line.split(/ {2,}/).slice(2));
    expect(listedImports.toSorted()).toEqual([
      ["dry run", "completed", "0", "1", "0", "0", "second.csv"],
      ["import", "completed", "2", "0", "0", "0", "first.csv"],
    ]);
    expect(await json("imports", "apply", plan.id)).toMatchObject({ planId: plan.id, updated: 1 });

    const undo = await run("imports", "undo", done.id);
    expect(undo.code).toBe(1);
    expect(undo.stdout).toMatch(/\n0 +1 +0 +1 /);
    expect(undo.stdout).toContain("1 customer has changed since the import and was not restored:");
    const { data } = await client.listCustomers();
    expect(data.map(({ firstName }) => firstName)).toEqual(["Anna"]);
    expect(await run("imports", "cancel", done.id)).toMatchObject({
      code: 1,
      stderr: "The import has already ended: completed.\n",
    });
  });

  test("follows a detached import and downloads its failed rows", async () => {
    const { run, json } = commandsOf(await service.enterprise());
    const file = await inputFile("bad.csv", "external_id,E-mail\n1,nobody\n");
    const sent = await json("import", file, "--detach");
    expect(sent).toMatchObject({ kind: "import", phase: "queued" });
    const followed = await run("imports", "follow", sent.id);
    expect(followed).toMatchObject({ code: 1, stdout: expect.stringContaining("1 row failed:") });
    const { code, stdout } = await run("imports", "errors", sent.id);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/\n1,nobody,2,E-mail,/) });
  });
});
