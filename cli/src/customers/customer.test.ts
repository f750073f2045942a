import { expect, test } from "vitest";
import { runClientele } from "../testing/run-clientele.ts";
import { startService } from "../testing/start-service.ts";

const service = startService();

test("customer history lists changes and customer restore reverts them", async () => {
  const { client, environment } = await service.enterprise();
  const run = (...args: string[]) => runClientele(["customer", ...args], environment);
  const named = (value: string) => ({ customfields: [{ id: "firstName", value }] });
  const { data } = await client.createCustomer({ body: { external_id: "K-1", ...named("Ada") } });
  await client.updateCustomer({ customerId: data.id, body: named("Grace") });
  await client.deleteCustomer({ customerId: data.id });

  const history = await run("history", data.id, "--limit", "2");
  expect(history.code, history.stderr).toBe(0);
  expect(history.stdout).toMatch(
    /^\S+ {2}version 3 {2}deleted {2}request {2}Test app\n(?: {4}.*\n)+\S+ {2}version 2 {2}updated {2}request {2}Test app\n {4}.*: Ada -> Grace\nand 1 more\n$/,
  );

  expect((await run("restore", data.id)).stdout).toBe(`Customer ${data.id} (Grace) is restored.\n`);
  const first = await run("restore", "K-1", "--external", "--version", "1", "--json");
  expect(JSON.parse(first.stdout)).toMatchObject({ id: data.id, firstName: "Ada", externalId: "K-1" });

  const unknown = await run("restore", data.id, "--version", "77");
  expect(unknown).toMatchObject({ code: 1, stdout: "" });
  expect(unknown.stderr).toMatch(/no such version of the customer/);
});
