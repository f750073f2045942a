import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createClient } from "@clientele/sdk";
import {
  endAll,
  eventually,
  firstApp,
  type Installation,
  newInstallation,
  type RunningService,
  startReady,
} from "@clientele/server/testing";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

let installation: Installation;
let service: RunningService;
let credentials: { appId: string; appSecret: string };
beforeAll(async () => {
  installation = await newInstallation();
  Object.assign(installation.environment, { CLIENTELE_WEBHOOK_ALLOW: "127.0.0.1" });
  service = await startReady(installation);
  credentials = await firstApp(installation);
});
afterAll(endAll);

const programs: ChildProcess[] = [];
afterEach(() => {
  for (const program of programs.splice(0)) program.kill();
});

/** Starts an example as a process. `output` grows while it runs. */
function start(name: string, args: string[] = [], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [fileURLToPath(new URL(`${name}.ts`, import.meta.url)), ...args], {
    env: {
      ...process.env,
      API_URL: service.url,
      APP_ID: credentials.appId,
      APP_SECRET: credentials.appSecret,
      ...environment,
    },
  });
  programs.push(child);
  const program = { output: "", errors: "", ended: once(child, "close").then(([code]) => code as number) };
  child.stdout.setEncoding("utf8").on("data", (text) => {
    program.output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    program.errors += text;
  });
  return program;
}

const client = () => createClient({ baseUrl: service.url, ...credentials });
const named = (firstName: string) => ({ customfields: [{ id: "firstName", value: firstName }] });

test("timify-client creates, updates, finds and deletes a customer", async () => {
  const program = start("timify-client");
  expect(await program.ended, program.errors).toBe(0);
  expect(program.output.trim().split("\n")).toEqual([
    "created Ada Lovelace as timify-1",
    "found Ada Lovelace, ada@example.com (1 in total)",
    "0 events",
    "deleted",
  ]);
});

test("sync-customers copies the list once and then applies changes", async () => {
  const { data: ada } = await client().createCustomer({ body: { external_id: "1", ...named("Ada") } });
  const { data: bo } = await client().createCustomer({ body: { external_id: "2", ...named("Bo") } });
  const file = join(installation.dataFolder, "copy.json");
  const sync = async () => {
    const program = start("sync-customers", [file, "--once"]);
    expect(await program.ended, program.errors).toBe(0);
    const { customers } = JSON.parse(await readFile(file, "utf8"));
    return { output: program.output, customers };
  };
  const firstNameId = ada.fields.find(({ defaultId }) => defaultId === "firstName")!.id;

  const first = await sync();
  expect(first.output).toBe("copied 2 customers\n");
  expect(first.customers).toEqual({
    [ada.id]: { version: 0, externalId: "1", fields: { [firstNameId]: "Ada" } },
    [bo.id]: { version: 0, externalId: "2", fields: { [firstNameId]: "Bo" } },
  });

  await client().updateCustomer({ customerId: ada.id, body: named("Grace") });
  await client().deleteCustomer({ customerId: bo.id });
  const { data: cy } = await client().createCustomer({ body: named("Cy") });
  expect((await sync()).customers).toEqual({
    [ada.id]: { version: 2, externalId: "1", fields: { [firstNameId]: "Grace" } },
    [cy.id]: { version: 1, externalId: "", fields: { [firstNameId]: "Cy" } },
  });
  expect((await sync()).output).toBe("");
});

test("webhook-receiver accepts signed messages and rejects others", async () => {
  const placeholder = await client().createWebhook({ body: { url: "http://127.0.0.1:1024/" } });
  const { id: webhookId, secret } = placeholder.data;
  const program = start("webhook-receiver", [], { WEBHOOK_SECRET: secret, PORT: "0" });
  const url = await eventually(() => /http:\S+/.exec(program.output)![0]);
  await client().updateWebhook({ webhookId, body: { url } });

  const { data: customer } = await client().createCustomer({ body: named("Ada") });
  await eventually(() => expect(program.output).toContain(`customer.created ${customer.id}\n`));

  const forged = await fetch(url, {
    method: "POST",
    headers: {
      "webhook-id": "msg_1",
      "webhook-timestamp": String(Math.floor(Date.now() / 1000)),
      "webhook-signature": "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
    },
    body: JSON.stringify({ type: "customer.created", data: { id: "forged" } }),
  });
  expect(forged.status).toBe(400);
  expect(program.output).not.toContain("forged");
});
