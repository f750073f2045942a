import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";

/** Runs the code in a process of its own, with `exitInOrder` and a `log` at hand. */
async function run(code: string, whenItSays: Record<string, NodeJS.Signals> = {}) {
  const here = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);
  const source = `
    import { exitInOrder } from ${here("./shutdown.ts")};
    import { openLog } from ${here("../logging/log.ts")};
    const log = openLog("error");
    const say = (word) => process.stdout.write(word + "\\n");
    const forever = new Promise((resolve) => setTimeout(resolve, 2 ** 30));
    ${code}`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source]);
  child.stdout.on("data", (said) => {
    const signal = whenItSays[String(said).trim()];
    if (signal) child.kill(signal);
  });
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  return { exitCode, stdout, stderr };
}

test("a signal stops in order, with code 0", async () => {
  const ended = await run(
    `exitInOrder(async () => say("stopped"), log);
     say("up");
     await forever;`,
    { up: "SIGTERM" },
  );
  expect(ended).toEqual({ exitCode: 0, stdout: "up\nstopped\n", stderr: "" });
});

test("a second signal ends at once, with code 1", async () => {
  const ended = await run(
    `exitInOrder(() => { say("stopping"); return forever; }, log, { stopMs: 2 ** 30, sameWishMs: 0 });
     say("up");
     await forever;`,
    { up: "SIGINT", stopping: "SIGINT" },
  );
  expect(ended).toEqual({ exitCode: 1, stdout: "up\nstopping\n", stderr: "" });
});

test("a stop that takes too long is cut, with code 1 and a line in the log", async () => {
  const ended = await run(
    `exitInOrder(() => forever, log, { stopMs: 1, sameWishMs: 0 });
     say("up");
     await forever;`,
    { up: "SIGTERM" },
  );
  expect(ended).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('"event":"stop-cut"') });
});

test.each([
  ["unhandledRejection", "void Promise.reject(new Error('nobody foresaw'));"],
  ["uncaughtException", "setImmediate(() => { throw new Error('nobody foresaw'); });"],
])("%s is logged, and what runs is stopped in order, with code 1", async (event, fieldError) => {
  const { exitCode, stdout, stderr } = await run(
    `exitInOrder(async () => say("stopped"), log);
     ${fieldError}
     await forever;`,
  );
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "stopped\n" });
  expect(JSON.parse(stderr)).toMatchObject({ event, level: 60, err: { message: "nobody foresaw" } });
});

test("a stop that fails is logged, with code 1", async () => {
  const ended = await run(
    `exitInOrder(async () => { throw new Error("stuck"); }, log)(0);
     await forever;`,
  );
  expect(ended).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('"event":"stop-failed"') });
});
