import { beforeEach, expect, test } from "vitest";
import { startApp } from "../../testing/start-app.ts";

let now = new Date("2030-01-01T00:00:00Z");
const it = startApp({ clock: () => now, rateLimits: { requestsPerMinute: 3, failedTokensPerMinute: 2 } });
beforeEach(() => {
  now = new Date(now.getTime() + 60_000);
});

test("an app has a limit of requests per minute, and every answer has the remaining number", async () => {
  const client = await it.client();
  const other = await it.client();
  const left: unknown[] = [];
  for (let request = 0; request < 3; request++)
    left.push((await client.get("/v1/companies")).headers["ratelimit"]);
  expect(left).toEqual(['"app";r=2;t=60', '"app";r=1;t=60', '"app";r=0;t=60']);

  now = new Date(now.getTime() + 20_000);
  const refused = await client.get("/v1/companies");
  expect(refused.status).toBe(429);
  expect(refused.body).toMatchObject({ name: "TooManyRequestsError", errorCode: "RATE_LIMITED" });
  expect(refused.headers).toMatchObject({
    "retry-after": "40",
    "ratelimit-policy": '"app";q=3;w=60',
    ratelimit: '"app";r=0;t=40',
  });
  expect((await other.get("/v1/companies")).status).toBe(200);

  now = new Date(now.getTime() + 40_000);
  expect((await client.get("/v1/companies")).status).toBe(200);
});

test("failed secrets are limited per app; a correct secret is never counted", async () => {
  const client = await it.client();
  const other = await it.client();
  const login = async ({ appId, appSecret }: { appId: string; appSecret: string }) =>
    (await it.call("POST", "/v1/auth/token", { body: { appid: appId, appsecret: appSecret } })).status;
  const wrong = { ...client, appSecret: other.appSecret };
  for (let attempt = 0; attempt < 5; attempt++) expect(await login(client)).toBe(200);
  expect([await login(wrong), await login(wrong), await login(wrong), await login(client)]).toEqual([
    401, 401, 429, 429,
  ]);
  expect(await login(other)).toBe(200);
  now = new Date(now.getTime() + 60_000);
  expect(await login(client)).toBe(200);
});
