import {
  endAll,
  firstApp,
  hasServer,
  newInstallation,
  postmasterPid,
  startReady,
  tokenOf,
} from "@clientele/server/testing";
import { afterEach, describe, expect, test } from "vitest";
import { runClientele } from "../testing/run-clientele.ts";
import { operatorCommands } from "./operator-commands.ts";

afterEach(endAll);

const id = expect.stringMatching(/^[0-9a-f]{24}$/);
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
const embedded = (name: string) => (hasServer ? `${name} (DATABASE_URL is set: not embedded)` : name);

/** The commands of one installation. */
const commandsOf = ({ environment }: { environment: Record<string, string> }) => ({
  run: (...args: string[]) => runClientele(args, environment),
  async json(...args: string[]) {
    const { code, stdout, stderr } = await runClientele([...args, "--json"], environment);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return JSON.parse(stdout);
  },
});

const refused = (message: string | RegExp) => ({
  code: 1,
  stdout: "",
  stderr: expect.stringMatching(message),
});

describe("while the service runs", () => {
  test("a new app gets tokens; a rotated secret and a revoked app stop working at once", async () => {
    const installation = await newInstallation();
    const { json } = commandsOf(installation);
    const { call } = await startReady(installation);
    const { enterpriseId, companyIds } = await firstApp(installation);

    const app = await json("app", "create", "Shop", "--scope", "READ", "--company", companyIds[0]!);
    expect(app).toEqual({
      appId: id,
      appSecret: expect.stringMatching(/^cls_/),
      enterpriseId,
      name: "Shop",
      scopes: ["READ"],
      companyIds: [companyIds[0]],
    });
    const token = await tokenOf(call, app);
    expect((await call("GET", "/v1/companies", token)).body.data).toMatchObject([{ id: companyIds[0] }]);
    expect((await call("POST", "/v1/enterprise-customers", token, {})).status).toBe(403);

    const rotated = await json("app", "rotate", app.appId);
    expect(rotated).toEqual({ appId: app.appId, appSecret: expect.stringMatching(/^cls_/), enterpriseId });
    expect((await call("GET", "/v1/companies", token)).status).toBe(401);
    expect(await tokenOf(call, app)).toBeUndefined();
    const newToken = await tokenOf(call, rotated);
    expect((await call("GET", "/v1/companies", newToken)).status).toBe(200);

    expect(await json("app", "revoke", app.appId)).toEqual({ appId: app.appId, enterpriseId, revoked: true });
    expect((await call("GET", "/v1/companies", newToken)).status).toBe(401);
    expect(await tokenOf(call, rotated)).toBeUndefined();
  });

  test("with two enterprises each command needs --enterprise", async () => {
    const installation = await newInstallation();
    const { json, run } = commandsOf(installation);
    const { call } = await startReady(installation);
    const mine = await firstApp(installation);

    const { enterpriseId } = await json("enterprise", "create", "ACME");
    expect(await json("enterprise", "list")).toEqual([
      { enterpriseId: mine.enterpriseId, name: "My enterprise", createdAt: time },
      { enterpriseId, name: "ACME", createdAt: time },
    ]);
    expect(await run("app", "list")).toEqual(
      refused(/^There are 2 enterprises: choose one with --enterprise/),
    );
    expect(await json("app", "list", "--enterprise", enterpriseId)).toEqual([]);

    const of = ["--enterprise", enterpriseId];
    const company = await json("company", "create", "Köln", "--external-id", "k1", ...of);
    expect(company).toEqual({ companyId: id, enterpriseId, name: "Köln", externalId: "k1" });
    expect(await run("company", "create", "Köln", ...of)).toEqual(
      refused(/^There is a company "Köln" already\.\n$/),
    );
    expect(await run("company", "create", "Bonn", "--external-id", "k1", ...of)).toEqual(
      refused(/^There is a company with the external id "k1" already\.\n$/),
    );
    const app = await json("app", "create", "Till", ...of);
    const companies = await call("GET", "/v1/companies", await tokenOf(call, app));
    expect(companies.body.data).toMatchObject([{ id: company.companyId, name: "Köln", externalId: "k1" }]);

    const foreign = await run(
      "app",
      "create",
      "Till",
      "--company",
      company.companyId,
      "-e",
      mine.enterpriseId,
    );
    expect(foreign).toEqual(refused(`^Enterprise ${mine.enterpriseId} has no company ${company.companyId}`));
    expect(await run("app", "revoke", app.appId, "-e", mine.enterpriseId)).toEqual(
      refused(`^Enterprise ${mine.enterpriseId} has no app ${app.appId}\\.\n$`),
    );
  });
});

test("every command is recorded in the journal as the operator's change", async () => {
  const installation = await newInstallation();
  const { json } = commandsOf(installation);
  const { call, url } = await startReady(installation);
  const audit = await json("app", "create", "Audit", "--scope", "READ", "ADMIN");
  const token = await tokenOf(call, audit);
  let feed = "/v1/customer-changes?from=beginning";
  const newChanges = async () => {
    const { data } = (await call("GET", feed, token)).body;
    feed = `/v1/customer-changes?cursor=${data.nextCursor}`;
    for (const change of data.changes)
      expect(change).toMatchObject({ appId: null, personId: null, requestId: "" });
    return data.changes.map(
      (change: Record<string, string>) => `${change["subject"]} ${change["kind"]}: ${change["reason"]}`,
    );
  };
  const initialChanges = ["company created: operator", "company created: operator", "app created: operator"];
  expect(await newChanges()).toEqual([...initialChanges, "app created: operator"]);

  const email = "ada@example.com";
  const app = { appId: "" };
  const invite = () => json("people", "invite", "--email", email, "--role", "viewer");
  async function join(): Promise<void> {
    const [, invitation] = (await invite()).link.split("#");
    const response = await fetch(`${url}/auth/accept`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: url },
      body: JSON.stringify({ token: invitation, name: "Ada", password: "a long password" }),
    });
    expect(response.status).toBe(200);
    feed = "/v1/customer-changes?from=now";
    await newChanges();
  }
  const commands: Record<string, { run: () => Promise<unknown>; changes: string[] }> = {
    "app create": {
      run: async () => Object.assign(app, await json("app", "create", "Till")),
      changes: ["app created: operator"],
    },
    "app rotate": { run: () => json("app", "rotate", app.appId), changes: ["app updated: operator"] },
    "app revoke": { run: () => json("app", "revoke", app.appId), changes: ["app deleted: operator"] },
    "app list": { run: () => json("app", "list"), changes: [] },
    "company create": {
      run: () => json("company", "create", "Harbour"),
      changes: ["company created: operator"],
    },
    "company list": { run: () => json("company", "list"), changes: [] },
    "people invite": { run: invite, changes: ["person created: invited"] },
    "people reset": {
      run: async () => {
        await join();
        await json("people", "reset", email);
      },
      changes: ["person updated: password_link"],
    },
    "people remove": { run: () => json("people", "remove", email), changes: ["person deleted: operator"] },
    "people list": { run: () => json("people", "list"), changes: [] },
    // A new enterprise has its own journal.
    "enterprise create": { run: () => json("enterprise", "create", "ACME"), changes: [] },
    "enterprise list": { run: () => json("enterprise", "list"), changes: [] },
  };
  const all = operatorCommands().flatMap((operatorCommand) =>
    operatorCommand.commands.map((one) => `${operatorCommand.name()} ${one.name()}`),
  );
  expect(Object.keys(commands).sort()).toEqual(all.sort());
  for (const [name, command] of Object.entries(commands)) {
    await command.run();
    expect(await newChanges(), name).toEqual(command.changes);
  }
});

describe("while the service is stopped", () => {
  test("lists work, and errors are one line", async () => {
    const installation = await newInstallation();
    const { run, json } = commandsOf(installation);
    const service = await startReady(installation);
    const { enterpriseId, appId, companyIds } = await firstApp(installation);
    service.child.kill("SIGTERM");
    await service.ended;

    const companies = await run("company", "list");
    expect(companies).toMatchObject({ code: 0, stderr: "" });
    expect(companies.stdout).toMatch(/^COMPANY +CREATED +EXTERNAL ID +NAME\n/);
    expect(companies.stdout).toContain(companyIds[1]);
    const apps = await run("app", "list");
    expect(apps.stdout).toMatch(new RegExp(`\n${appId} .* READ WRITE DELETE +all +First app\n$`));
    expect(await json("app", "list")).toEqual([
      {
        appId,
        name: "First app",
        scopes: ["READ", "WRITE", "DELETE"],
        companyIds: null,
        createdAt: time,
        rotatedAt: null,
        revokedAt: null,
      },
    ]);

    const unknown = "f".repeat(24);
    expect(await run("app", "list", "-e", unknown)).toEqual(refused(`^There is no enterprise ${unknown}: `));
    expect(await run("app", "rotate", unknown)).toEqual(
      refused(`^Enterprise ${enterpriseId} has no app ${unknown}\\.\n$`),
    );
    expect(await run("app", "create", " ")).toEqual(refused(/^An app needs a name\.\n$/));
    await run("app", "revoke", appId);
    expect(await run("app", "rotate", appId)).toEqual(
      refused(/^App \w+ was revoked on [\d-]+ and cannot be restored\.\n$/),
    );
    if (!hasServer) await expect(postmasterPid(installation)).rejects.toThrow("ENOENT");
  });

  test("the first start creates no enterprise if there is one", async () => {
    const installation = await newInstallation();
    const { json } = commandsOf(installation);
    await json("enterprise", "create", "ACME");
    const service = await startReady(installation);
    expect(service.stdout).toMatch(/^Clientele is ready at \S+\n$/);
    expect(service.stdout).not.toContain("first app");
    expect(await json("enterprise", "list")).toMatchObject([{ name: "ACME" }]);
  });

  test.skipIf(hasServer)(
    embedded("a list command does not create a database in an empty data folder"),
    async () => {
      const installation = await newInstallation();
      const { run } = commandsOf(installation);
      const { dataFolder } = installation;
      expect(await run("app", "list")).toEqual(
        refused(`^There is no database in ${dataFolder}: start the service`),
      );
      await expect(postmasterPid(installation)).rejects.toThrow("ENOENT");
    },
  );
});

test("help and invalid arguments", async () => {
  const { run } = commandsOf({ environment: {} });
  const help = await run("--help");
  expect(help).toMatchObject({ code: 0, stderr: "" });
  expect(help.stdout).toMatch(/\n +enterprise [\s\S]*\n +company [\s\S]*\n +app /);
  for (const command of ["enterprise", "company", "app"]) {
    expect((await run(command, "create", "--help")).stdout).toContain(`Usage: clientele ${command} create`);
  }
  expect(await run("app", "create", "Shop", "--scope", "EVERYTHING")).toEqual(
    refused(/Allowed choices are READ, WRITE, DELETE, ADMIN/),
  );
  expect(await run("app", "rotate")).toEqual(refused(/missing required argument 'appId'/));
});
