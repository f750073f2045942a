import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runClientele } from "./testing/run-clientele.ts";
import { startService } from "./testing/start-service.ts";

const service = startService();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "clientele-cli-"));
});
afterAll(() => rm(folder, { recursive: true }));

const token = (environment: NodeJS.ProcessEnv, ...args: string[]) =>
  runClientele(["token", ...args], { CLIENTELE_DATA: folder, CLIENTELE_URL: service.url(), ...environment });

describe("a command authenticates as", () => {
  const done = { code: 0, stdout: expect.stringMatching(/^ey[\w.-]+\n$/), stderr: "" };

  test("the app named in the environment", async () => {
    const { environment } = await service.enterprise();
    expect(await token(environment)).toEqual(done);
  });

  test("the app named on the command line, with its secret in a file", async () => {
    const { environment } = await service.enterprise();
    const file = join(folder, "secret");
    await writeFile(file, `${environment.CLIENTELE_APP_SECRET}\n`);
    const args = ["--app-id", environment.CLIENTELE_APP_ID, "--app-secret-file", file];
    expect(await token({}, ...args, "--url", service.url())).toEqual(done);
  });

  test("the first app by default", async () => {
    const { environment } = await service.enterprise();
    const { CLIENTELE_APP_ID: appId, CLIENTELE_APP_SECRET: appSecret } = environment;
    const data = await mkdtemp(join(folder, "data-"));
    await writeFile(join(data, "first-app.json"), JSON.stringify({ appId, appSecret }));
    expect(await token({ CLIENTELE_DATA: data })).toEqual(done);
  });
});

describe("a command fails with one line that says", () => {
  const app = { CLIENTELE_APP_ID: "0123456789abcdef01234567", CLIENTELE_APP_SECRET: "none" };

  test.each<[string, NodeJS.ProcessEnv, string[], RegExp]>([
    ["that no app is given", {}, [], /^No app credentials\. .*first-app\.json\.\n$/],
    ["that the secret is missing", { CLIENTELE_APP_ID: "x" }, [], /^The app's secret is missing: .*\.\n$/],
    ["that the id is missing", { CLIENTELE_APP_SECRET: "x" }, [], /^The app's id is missing: .*\.\n$/],
    [
      "that a file is missing",
      {},
      ["--app-secret-file", "/none"],
      /^--app-secret-file, \/none, does not exist\.\n$/,
    ],
    ["that an address is invalid", app, ["--url", "here"], /^--url is "here": it must be .*\.\n$/],
    [
      "that the service is unreachable",
      app,
      ["--url", "http://127.0.0.1:1"],
      /^http:\/\/127\.0\.0\.1:1 cannot be reached: .*\n$/,
    ],
    ["that the app is unknown", app, [], /^The app id and secret do not match\. .*\n$/],
  ])("%s", async (_, environment, args, message) => {
    expect(await token(environment, ...args)).toEqual({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(message),
    });
  });

  test("that a data file is missing or malformed", async () => {
    const { environment } = await service.enterprise();
    const csv = join(folder, "other.csv");
    await writeFile(csv, "a,b\n1,2\n");
    const run = (...args: string[]) => runClientele(["demo", ...args], environment);
    expect(await run("chinook", folder)).toMatchObject({
      code: 1,
      stderr: `There is no file ${join(folder, "customers.csv")}.\n`,
    });
    expect(await run("febrl", csv)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^.*other\.csv has no column rec_id, given_name, .*\.\n$/),
    });
  });
});
