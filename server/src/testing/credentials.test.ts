import { beforeAll, describe, expect, test } from "vitest";
import { revokeApp, rotateApp } from "../apps/provision.ts";
import { newIdAt } from "../ids/new-id.ts";
import { type Answer, type Client, startApp } from "./start-app.ts";

let now = new Date("2026-01-31T12:00:00Z");
const registry = startApp({ clock: () => now, rateLimits: { failedTokensPerMinute: 1_000 } });

type Pair = { accessToken: string; refreshToken: string };
const token = (appid: string, appsecret: string) =>
  registry.call("POST", "/v1/auth/token", { body: { appid, appsecret } });
const byQuery = (appid: string, appsecret: string) =>
  registry.call("GET", "/v1/auth/token", { query: { appid, appsecret } });
const refresh = (refreshtoken: string) =>
  registry.call("POST", "/v1/auth/refreshtoken", { body: { refreshtoken } });
const pairOf = async ({ appId, appSecret }: Client): Promise<Pair> => (await token(appId, appSecret)).body;
const outcome = ({ status, body }: Answer): string => `${status} ${body.errorCode ?? ""}`;

let a: Client;
let b: Client;
let revoked: Client;
let rotated: Client;
const pairs = new Map<Client, Pair>();
let newSecret: string;

beforeAll(async () => {
  [a, b] = [await registry.client(), await registry.client()];
  const { enterpriseId } = a;
  [revoked, rotated] = [await registry.client({ enterpriseId }), await registry.client({ enterpriseId })];
  for (const client of [a, b, revoked, rotated]) pairs.set(client, await pairOf(client));
  await revokeApp(registry.database.operator, enterpriseId, revoked.appId, now);
  ({ appSecret: newSecret } = await rotateApp(registry.database.operator, enterpriseId, rotated.appId, now));
});

test("credentials that do not match are refused alike, whichever part is wrong", async () => {
  const wrong = a.appSecret.replace(/.$/, (last) => (last === "A" ? "B" : "A"));
  const tries: [string, string][] = [
    [a.appId, wrong],
    [a.appId, b.appSecret],
    [b.appId, a.appSecret],
    [newIdAt(now), a.appSecret],
    [a.appId, `cls_${newIdAt(now)}_${"x".repeat(43)}`],
    [a.appId, ""],
    [a.appId, " "],
    ["", a.appSecret],
    ["not an id", "not a secret"],
    [a.appId.toUpperCase(), a.appSecret],
    [revoked.appId, revoked.appSecret],
    [rotated.appId, rotated.appSecret],
  ];
  const seen = new Set<string>();
  for (const [appId, secret] of tries) {
    for (const answer of [await token(appId, secret), await byQuery(appId, secret)]) {
      expect(outcome(answer), `${appId} ${secret}`).toBe("401 CREDENTIALS_INVALID");
      expect(answer.headers["www-authenticate"]).toBeDefined();
      seen.add(answer.text);
    }
  }
  expect(seen.size).toBe(1);
  expect((await token(a.appId, a.appSecret)).status).toBe(200);
  expect((await byQuery(rotated.appId, newSecret)).status).toBe(200);
});

describe("a refresh token", () => {
  test("is exchanged for a working token pair", async () => {
    const { status, body } = await refresh(pairs.get(a)!.refreshToken);
    expect(status).toBe(200);
    const read = await registry.call("GET", "/v1/enterprise-customers", {
      headers: { authorization: `Bearer ${body.accessToken}` },
    });
    expect(read.status).toBe(200);
  });

  test("is refused when it is malformed, foreign, or of an app that was revoked or has a new secret", async () => {
    const { accessToken, refreshToken } = pairs.get(a)!;
    const [header, payload, signature] = refreshToken.split(".") as [string, string, string];
    const [, otherPayload] = pairs.get(b)!.refreshToken.split(".") as [string, string];
    for (const wrong of [
      "",
      "x",
      accessToken,
      `${header}.${payload}.`,
      `${header}.${otherPayload}.${signature}`,
      pairs.get(revoked)!.refreshToken,
      pairs.get(rotated)!.refreshToken,
    ]) {
      expect(outcome(await refresh(wrong)), wrong).toBe("401 TOKEN_INVALID");
    }
  });

  test("lasts thirty days, an access token two hours, and a minute of clock skew is allowed", async () => {
    const { accessToken, refreshToken } = pairs.get(a)!;
    const began = now;
    const at = (seconds: number) => {
      now = new Date(began.getTime() + seconds * 1_000);
    };
    const read = async () =>
      outcome(
        await registry.call("GET", "/v1/enterprise-customers", {
          headers: { authorization: `Bearer ${accessToken}` },
        }),
      );
    const [hour, day, leeway] = [3_600, 86_400, 60];
    at(2 * hour + leeway - 1);
    expect(await read()).toBe("200 ");
    at(2 * hour + leeway + 1);
    expect(await read()).toBe("401 TOKEN_EXPIRED");
    expect(outcome(await refresh(refreshToken))).toBe("200 ");
    at(30 * day + leeway + 1);
    expect(outcome(await refresh(refreshToken))).toBe("401 TOKEN_EXPIRED");
    at(-hour);
    expect(outcome(await refresh(refreshToken))).toBe("401 TOKEN_INVALID");
    now = began;
  });
});

test("a revoked app and a rotated secret stop working at the next request", async () => {
  const { enterpriseId } = a;
  for (const stop of [revokeApp, rotateApp]) {
    const client = await registry.client({ enterpriseId });
    expect((await client.get("/v1/enterprise-customers")).status).toBe(200);
    await stop(registry.database.operator, enterpriseId, client.appId, now);
    expect(outcome(await client.get("/v1/enterprise-customers"))).toBe("401 TOKEN_INVALID");
    expect(outcome(await client.post("/v1/enterprise-customers", {}))).toBe("401 TOKEN_INVALID");
  }
});
