import { globSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";

const files = globSync(
  "{architecture,contract,packages/*,server,sdk,cli,console,bench,docs,examples}/**/*.test.ts",
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

/** `npm run nightly` sets the mode. */
const randomOf = (mode: string) => ({
  scale: Number(process.env["TEST_SCALE"] ?? (mode === "nightly" ? 10 : 1)),
  seed: Number(process.env["TEST_SEED"] ?? 20_260_131),
});

/**
 * The imports of a test file determine its project, so a new file needs no entry here: it drives a browser, starts
 * processes (or a linter that takes 15 s), or runs the service in this process. The first match counts; a file without
 * any is a unit test.
 */
const imports = {
  browser: /\/start-console\.ts"/,
  process:
    /"(node:child_process|@clientele\/server\/testing|@redocly\/openapi-core)"|\/(service-process|run-clientele|test-service)\.ts"/,
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

export default defineConfig(({ mode }) => ({
  test: {
    projects: [
      project("unit"),
      project("service", onDatabase),
      project("process", onDatabase),
      project("browser", { globalSetup: [onDatabase.globalSetup, "console/tests/chromium.ts"] }),
    ],
    provide: { random: randomOf(mode) },
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
}));
