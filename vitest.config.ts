import { globSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";

const files = globSync(
  "{architecture,contract,packages/*,server,sdk,cli,console,bench,examples}/**/*.test.ts",
  {
    exclude: (name) => /^(node_modules|dist.*)$/.test(name),
  },
);

declare module "vitest" {
  interface ProvidedContext {
    /** Random tests draw from `seed`, and `scale` multiplies how much they try. */
    random: { scale: number; seed: number };
  }
}

const random = {
  scale: Number(process.env["TEST_SCALE"] ?? 1),
  seed: Number(process.env["TEST_SEED"] ?? 20_260_131),
};

/**
 * What a test file imports decides its project, so that a new file needs no list: a browser, processes of its own, the
 * service in this process. The first match counts; a file that imports none of these needs no server.
 */
const imports = {
  browser: /\/start-console\.ts"/,
  process:
    /"(node:child_process|@clientele\/server\/testing)"|\/(service-process|run-clientele|test-service)\.ts"/,
  service: /\/(start-app|start-service|test-database)\.ts"/,
};
type Project = keyof typeof imports | "unit";

const projectOf = (file: string): Project => {
  const source = readFileSync(file, "utf8");
  const names = Object.keys(imports) as (keyof typeof imports)[];
  return names.find((name) => imports[name].test(source)) ?? "unit";
};
const filesOf = Object.groupBy(files.sort(), projectOf);

const project = (name: Project, test: TestProjectInlineConfiguration["test"] = {}) => ({
  extends: true as const,
  test: { name, include: filesOf[name] ?? [], ...test },
});

const onDatabase = { globalSetup: "server/src/testing/global-setup.ts" };

export default defineConfig({
  test: {
    projects: [
      project("unit"),
      project("service", onDatabase),
      project("process", onDatabase),
      project("browser", onDatabase),
    ],
    provide: { random },
    pool: "forks",
    maxWorkers: availableParallelism(),
    // To load the program anew for each file would take a quarter of the time. A test restores what it changes.
    isolate: false,
    restoreMocks: true,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // A busy machine delays what a test polls for.
    expect: { poll: { timeout: 60_000 } },
  },
});
