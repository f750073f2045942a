import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{contract,packages,server,sdk,cli,console,bench}/**/*.test.ts"],
    globalSetup: "server/src/testing/global-setup.ts",
    // Every file has a database of its own on one server; two cores are busy with two files.
    pool: "forks",
    maxWorkers: 2,
    // To load the program anew for each file would take a quarter of the time. What a test changes it puts back.
    isolate: false,
    restoreMocks: true,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // What is waited for comes when the machine gets to it.
    expect: { poll: { timeout: 60_000 } },
  },
});
