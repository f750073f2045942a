import { afterEach, expect, test } from "vitest";
import {
  endAll,
  eventually,
  firstApp,
  newInstallation,
  startReady,
  tokenOf,
} from "../testing/service-process.ts";
import { startReceiver } from "../testing/webhooks.ts";

const receiver = startReceiver();
afterEach(endAll);

test("the running service delivers changes, and after a restart those written before a kill", async () => {
  const made = await newInstallation();
  const installation = {
    ...made,
    environment: { ...made.environment, CLIENTELE_WEBHOOK_ALLOW: "127.0.0.1" },
  };
  let service = await startReady(installation);
  const app = await firstApp(installation);
  const token = await tokenOf(service.call, app);
  const post = (path: string, body?: unknown) => service.call("POST", path, token, body);
  expect((await post("/v1/webhooks", { url: receiver.url })).status).toBe(201);
  const heard = (types: readonly string[]) =>
    eventually(async () => {
      // One that was under way when the service was killed may have come twice.
      const ids = new Map(receiver.received.map(({ headers, body }) => [headers["webhook-id"], body]));
      const known = [...ids.values()].map((body) => JSON.parse(body).type);
      if (known.length < types.length) throw new Error(known.join());
      expect(known).toEqual(types);
    });

  await post("/v1/enterprise-customers", { external_id: "1" });
  await heard(["customer.created"]);
  await post("/v1/customer-imports", { customers: [{ external_id: "2" }, { external_id: "3" }] });
  await heard(["customer.created", "import.completed"]);

  for (const name of ["a", "b", "c"]) await post("/v1/customer-tags", { name });
  service.child.kill("SIGKILL");
  await service.ended;
  service = await startReady(installation);
  await heard(["customer.created", "import.completed", "tag.created", "tag.created", "tag.created"]);
  service.child.kill("SIGTERM");
  expect(await service.ended).toEqual({ code: 0, signal: null });
}, 300_000);
