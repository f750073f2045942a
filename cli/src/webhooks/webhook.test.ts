import { beforeAll, expect, test } from "vitest";
import { runClientele } from "../testing/run-clientele.ts";
import { type Enterprise, startService } from "../testing/start-service.ts";

const service = startService();
let enterprise: Enterprise;
beforeAll(async () => {
  enterprise = await service.enterprise();
});
const run = (...args: string[]) => runClientele(["webhook", ...args], enterprise.environment);

test("commands create, list, rotate, test and redeliver", async () => {
  const created = await run(
    "create",
    "https://hooks.example.com/",
    "--kinds",
    "customer.*, import.completed",
  );
  expect(created).toMatchObject({ code: 0, stderr: "" });
  const [, id] = /^Webhook ([0-9a-f]{24})\nSecret {2}whsec_\S+ \(shown only once\)\n$/.exec(created.stdout)!;
  expect((await run("list")).stdout).toMatch(
    new RegExp(`^${id} +active +customer\\.\\*,import\\.completed +https://hooks\\.example\\.com/$`, "m"),
  );
  expect((await run("rotate", id!)).stdout).toMatch(/^Secret {2}whsec_/);
  const [, delivery] = /^Delivery ([0-9a-f]{24}) is queued/.exec((await run("test", id!)).stdout)!;
  expect((await run("deliveries", id!)).stdout).toMatch(
    new RegExp(`^${delivery} .* webhook\\.test +pending +0`, "m"),
  );
  expect((await run("redeliver", id!, delivery!)).stdout).toBe(`Delivery ${delivery} is queued again.\n`);
  expect((await run("redeliver", id!, "--from", "2026-01-01")).stdout).toBe("Queued again: 1 delivery.\n");
});

test("errors are one line", async () => {
  const missing = "0123456789abcdef01234567";
  for (const [args, message] of [
    [["create", "http://hooks.example.com/"], /must start with https/],
    [["create", "https://hooks.example.com/", "--kinds", "cat"], /Event types are \*, customer\.\*/],
    [["redeliver", missing], /Name a delivery or a period with --from/],
    [["test", missing], /There is no such webhook/],
  ] as const) {
    const { code, stdout, stderr } = await run(...args);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  }
});
