import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** An entry that only the contract declares: in `file`, after `anchor`. The compiler must name `implementedIn`. */
type Declaration = { file: string; anchor: string; entry: string; implementedIn: readonly string[] };

const declarations: Record<string, Declaration> = {
  "a filter": {
    file: "customers.ts",
    anchor: "export const customerFilters = {",
    entry: "has_email: Type.Optional(Type.Boolean()),",
    implementedIn: ["customers/list/filters.ts"],
  },
  "a sort key": {
    file: "customers.ts",
    anchor: "export const sortNames = [",
    entry: '"nickname",',
    implementedIn: ["customers/list/sort.ts"],
  },
  "an attribute of a customer": {
    file: "customers.ts",
    anchor: "export const customerAttributes = {",
    entry: "initials: Type.String(),",
    implementedIn: ["customers/customer-json.ts"],
  },
  "an attribute of a selection": {
    file: "selection.ts",
    anchor: "export const Selection = Type.Object(\n  {",
    entry: "only_active: Type.Optional(Type.Boolean()),",
    implementedIn: ["customers/list/selection.ts"],
  },
  "a bulk change": {
    file: "import-jobs.ts",
    anchor: "export const BulkChange = Type.Object(\n  {",
    entry: "merge: Type.Optional(Type.Boolean()),",
    implementedIn: ["imports/bulk/operations.ts"],
  },
  "an attribute of an imported row": {
    file: "import-rows.ts",
    anchor: "export const ImportRow = Type.Object(\n  {",
    entry: "source: Type.Optional(Type.String()),",
    implementedIn: ["customers/read-row.ts", "tables/attributes.ts"],
  },
  "an attribute of an export": {
    file: "exports.ts",
    anchor: "export const exportAttributes = [",
    entry: '"first_booking_at",',
    implementedIn: ["exports/cells.ts", "exports/lines.ts"],
  },
  "a kind of import": {
    file: "import-jobs.ts",
    anchor: "export const importKinds = [",
    entry: '"merge",',
    implementedIn: ["imports/run/phases.ts"],
  },
  "a phase of an import": {
    file: "import-jobs.ts",
    anchor: "export const finalPhases = [",
    entry: '"expired",',
    implementedIn: ["imports/run/import-loop.ts"],
  },
  "a field type": {
    file: "custom-fields.ts",
    anchor: "export const fieldTypes = [",
    entry: '"COLOR",',
    implementedIn: [
      "custom-fields/field-types.ts",
      "custom-fields/values/value.ts",
      "imports/columns/read-cell.ts",
    ],
  },
  "a default field": {
    file: "custom-fields.ts",
    anchor: "export const defaultFieldIds = [",
    entry: '"nickname",',
    implementedIn: ["custom-fields/default-fields.ts", "custom-fields/default-labels.ts"],
  },
  "an event type of webhooks": {
    file: "webhooks.ts",
    anchor: "export const webhookEventTypes = [",
    entry: '"import.expired",',
    implementedIn: ["webhooks/event-types.ts"],
  },
  "a route": {
    file: "index.ts",
    anchor: "export const routes = {",
    entry: "copyCustomer: customers.fetchCustomer,",
    implementedIn: ["app.ts"],
  },
};

const top = fileURLToPath(new URL("../../../", import.meta.url));
let folder: string;
/** The server's files that do not compile, with their messages. */
let messagesOf: Map<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "clientele-contract-"));
  await copyWorkspace();
  for (const declaration of Object.values(declarations)) await declare(declaration);
  messagesOf = await compile();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The server and its dependencies as links, the contract as a copy. */
async function copyWorkspace(): Promise<void> {
  await cp(join(top, "contract"), join(folder, "contract"), { recursive: true });
  await symlink(join(top, "server"), join(folder, "server"));
  const own = "@clientele";
  await mkdir(join(folder, "node_modules", own), { recursive: true });
  const link = (name: string) => symlink(join(top, "node_modules", name), join(folder, "node_modules", name));
  for (const name of await readdir(join(top, "node_modules"))) if (name !== own) await link(name);
  for (const name of await readdir(join(top, "node_modules", own)))
    if (name !== "contract") await link(join(own, name));
  await symlink(join(folder, "contract"), join(folder, "node_modules", own, "contract"));
}

async function declare({ file, anchor, entry }: Declaration): Promise<void> {
  const path = join(folder, "contract", file);
  const source = await readFile(path, "utf8");
  expect(source, file).toContain(anchor);
  await writeFile(
    path,
    source.replace(anchor, () => `${anchor}\n${entry}`),
  );
}

async function compile(): Promise<Map<string, string>> {
  const config = {
    extends: join(top, "tsconfig.json"),
    include: [],
    files: ["server/src/app.ts", "server/src/worker.ts"],
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  const tsc = join(top, "node_modules/.bin/tsc");
  const output = await promisify(execFile)(tsc, ["-p", folder], { cwd: folder }).then(
    ({ stdout }) => stdout,
    ({ stdout }: { stdout: string }) => stdout,
  );
  const messages = new Map<string, string>();
  for (const [, file = "", message = ""] of output.matchAll(/^(\S+)\(\d+,\d+\): (.*(?:\n .*)*)/gm)) {
    const name = file.replace(/^.*server\/src\//, "");
    messages.set(name, `${messages.get(name) ?? ""}${message}\n`);
  }
  return messages;
}

describe("a declaration without its implementation does not compile:", () => {
  test.each(Object.entries(declarations))("%s", (_, { implementedIn }) => {
    for (const file of implementedIn) expect([...messagesOf.keys()]).toContain(file);
  });

  test("no other file has to change", () => {
    const expected = Object.values(declarations).flatMap(({ implementedIn }) => implementedIn);
    expect([...messagesOf.keys()].sort()).toEqual([...new Set(expected)].sort());
  });
});
