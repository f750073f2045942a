import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";

/** Runs the code in a process of its own, with `handleShutdown` and a `log` in scope. */
async function run(code: string, signalOn: Record<string, NodeJS.Signals> = {}) {
  const moduleUrl = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);
  const source = `
    import { handleShutdown } from ${moduleUrl("./shutdown.ts")};
    import { openLog } from ${moduleUrl("../logging/log.ts")};
    const log = openLog("error");
    const print = (word) => process.stdout.write(word + "\\n");
    const forever = new Promise((resolve) => setTimeout(resolve, 2 ** 30));
    ${code}`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source]);
  child.stdout.on("data", (output) => {
    const signal = signalOn[String(output).trim()];
    if (signal) child.kill(signal);
  });
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  return { exitCode, stdout, stderr };
}

test("a signal shuts down gracefully with code 0", async () => {
  const ended = await run(
    `handleShutdown(async () => print("stopped"), log);
     print("up");
     await forever;`,
    { up: "SIGTERM" },
  );
  expect(ended).toEqual({ exitCode: 0, stdout: "up\nstopped\n", stderr: "" });
});

test("a second signal exits at once with code 1", async () => {
  const ended = await run(
    `handleShutdown(() => { print("stopping"); return forever; }, log, { stopMs: 2 ** 30, duplicateSignalMs: 0 });
     print("up");
     await forever;`,
    { up: "SIGINT", stopping: "SIGINT" },
  );
  expect(ended).toEqual({ exitCode: 1, stdout: "up\nstopping\n", stderr: "" });
});

test("a shutdown that times out exits with code 1 and is logged", async () => {
  const ended = await run(
    `handleShutdown(() => forever, log, { stopMs: 1, duplicateSignalMs: 0 });
     print("up");
     await forever;`,
    { up: "SIGTERM" },
  );
  expect(ended).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('"event":"shutdown-timeout"') });
});

test.each([
  ["unhandledRejection", "void Promise.reject(new Error('unexpected'));"],
  ["uncaughtException", "setImmediate(() => { throw new Error('unexpected'); });"],
])("%s is logged and shuts down gracefully with code 1", async (event, failure) => {
  const { exitCode, stdout, stderr } = await run(
    `handleShutdown(async () => print("stopped"), log);
     ${failure}
     await forever;`,
  );
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "stopped\n" });
  expect(JSON.parse(stderr)).toMatchObject({ event, level: 60, err: { message: "unexpected" } });
});

test("a failed shutdown is logged and exits with code 1", async () => {
  const ended = await run(
    `handleShutdown(async () => { throw new Error("stuck"); }, log)(0);
     await forever;`,
  );
  expect(ended).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('"event":"shutdown-failed"') });
});
