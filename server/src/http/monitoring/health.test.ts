import { expect, test } from "vitest";
import { createApp } from "../../app.ts";
import { startApp } from "../../testing/start-app.ts";

const it = startApp();

test("live is answered without the database, ready with it", async () => {
  expect(await it.call("GET", "/health/live")).toMatchObject({ status: 200, body: { status: "ok" } });
  expect(await it.call("GET", "/health/ready")).toMatchObject({ status: 200, body: { status: "ok" } });
});

test("without a database it is live and not ready", async () => {
  const gone = { query: () => Promise.reject(new Error("gone")) };
  const app = await createApp({ database: { ...it.database, operator: gone as never } });
  const ready = await app.inject("/health/ready");
  expect(ready.statusCode).toBe(503);
  expect(ready.json()).toMatchObject({ errorCode: "DATABASE_UNAVAILABLE" });
  expect(ready.headers["retry-after"]).toBe("1");
  expect((await app.inject("/health/live")).statusCode).toBe(200);
  await app.close();
});

test("while it stops it is live and not ready", async () => {
  const app = await createApp({ database: it.database });
  const answers: number[] = [];
  app.addHook("preClose", async () => {
    for (const path of ["ready", "live"]) answers.push((await fetch(`${address}/health/${path}`)).status);
  });
  const address = await app.listen({ host: "127.0.0.1", port: 0 });
  await app.close();
  expect(answers).toEqual([503, 200]);
});

test("the metrics are those of OpenTelemetry, by route and never by address", async () => {
  const client = await it.client();
  await client.get("/v1/enterprise-customers/0123456789abcdef01234567");
  const { payload } = await it.app.inject("/metrics");
  expect(payload).toMatch(
    /http_server_request_duration_count\{[^}]*http_request_method="GET",http_route="\/v1\/enterprise-customers\/:customerId",http_response_status_code="404"\} 1/,
  );
  expect(payload).not.toContain("0123456789abcdef01234567");
  for (const state of ["used", "idle", "pending"]) {
    expect(payload).toContain(`db_client_connection_state="${state}"`);
  }
  expect(payload).toMatch(/^nodejs_eventloop_delay_p99 [\d.]+$/m);
  expect(payload).toMatch(/^process_memory_usage \d+$/m);
});

test("the metrics are for this machine alone", async () => {
  const remote = await it.app.inject({ url: "/metrics", remoteAddress: "192.0.2.1" });
  expect(remote.statusCode).toBe(404);
  const proxied = await it.app.inject({ url: "/metrics", headers: { "x-forwarded-for": "192.0.2.1" } });
  expect(proxied.statusCode).toBe(404);
  expect((await it.app.inject({ url: "/metrics", remoteAddress: "::1" })).statusCode).toBe(200);
});
