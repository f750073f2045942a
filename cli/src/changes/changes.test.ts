import { expect, test } from "vitest";
import { runClientele } from "../testing/run-clientele.ts";
import { startService } from "../testing/start-service.ts";

const service = startService();

test("changes are printed one per line and continue from a cursor", async () => {
  const { client, environment } = await service.enterprise();
  const { data } = await client.createCustomer({ body: { external_id: "K-1" } });
  const all = await runClientele(["changes", "--json"], environment);
  expect(all.code, all.stderr).toBe(0);
  const lines = all.stdout.trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { subject: "customer", kind: "created", subjectId: data.id, after: { externalId: "K-1" } },
  ]);
  const cursor = /--cursor (\S+)/.exec(all.stderr)![1]!;
  await client.createTag({ body: { name: "Regular" } });
  const rest = await runClientele(["changes", "--cursor", cursor], environment);
  expect(rest.stdout).toMatch(/^\S+ {2}tag {2}created {2}[0-9a-f]{24} {2}Test app {2}request\n$/);
  const refused = await runClientele(["changes", "--cursor", cursor, "--from", "now"], environment);
  expect(refused.code).toBe(1);
});
