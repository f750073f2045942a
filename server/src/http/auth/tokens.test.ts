import { randomBytes } from "node:crypto";
import { SignJWT, UnsecuredJWT } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { revokeApp, rotateApp } from "../../apps/provision.ts";
import { type Client, startApp } from "../../testing/start-app.ts";

let now = new Date("2030-01-01T00:00:00Z");
const it = startApp({ clock: () => now });
let client: Client;
let key: { id: string; secret: Buffer };
beforeAll(async () => {
  client = await it.client();
  key = (await it.database.admin.query("select id, secret from signing_keys")).rows[0];
});

const get = (token: string) => it.call("GET", "/v1/companies", { headers: { authorization: token } });
const seconds = () => Math.floor(now.getTime() / 1000);

type Forgery = {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  secret?: Uint8Array;
};

/** A token like the service's own, except for the given claims. */
function forged({ header = {}, claims = {}, secret = key.secret }: Forgery = {}): Promise<string> {
  const payload = {
    iss: "clientele",
    aud: "clientele/v1",
    sub: client.appId,
    iat: seconds(),
    nbf: seconds(),
    exp: seconds() + 7_200,
    jti: randomBytes(12).toString("hex"),
    ent: client.enterpriseId,
    ver: 1,
    scp: ["READ"],
    ...claims,
  };
  return new SignJWT(payload)
    .setProtectedHeader({ alg: "HS256", kid: key.id, typ: "at+jwt", ...header })
    .sign(secret);
}

async function expectRefused(token: string, errorCode = "TOKEN_INVALID"): Promise<void> {
  const answer = await get(`Bearer ${token}`);
  expect(answer.status).toBe(401);
  expect(answer.headers["www-authenticate"]).toBe('Bearer realm="clientele"');
  expect(answer.body).toMatchObject({ name: "UnauthorizedError", errorCode, details: null });
}

test("a good token is accepted with and without the word Bearer", async () => {
  for (const token of [`Bearer ${client.token}`, client.token, `bearer  ${client.token} `, await forged()]) {
    expect((await get(token)).status).toBe(200);
  }
});

test("no token is TOKEN_MISSING", async () => {
  for (const headers of [
    {},
    { authorization: "" },
    { authorization: "Bearer" },
    { authorization: "Bearer  " },
  ]) {
    const answer = await it.call("GET", "/v1/companies", { headers: headers as Record<string, string> });
    expect(answer).toMatchObject({ status: 401, body: { errorCode: "TOKEN_MISSING" } });
    expect(answer.headers["www-authenticate"]).toBeDefined();
  }
});

describe("refused is a token that is", () => {
  test.each(["x", "a.b.c", "Basic YTpi", "..", "{}", "null"])("malformed: %s", (token) =>
    expectRefused(token),
  );

  test("expired, by more than the leeway of a minute", async () => {
    const token = await forged({ claims: { exp: seconds() - 61 } });
    await expectRefused(token, "TOKEN_EXPIRED");
    expect((await get(await forged({ claims: { exp: seconds() - 59 } }))).status).toBe(200);
  });

  test("expired since it was last accepted", async () => {
    const before = now;
    const token = await forged();
    expect((await get(token)).status).toBe(200);
    now = new Date(now.getTime() + (7_200 + 61) * 1000);
    await expectRefused(token, "TOKEN_EXPIRED");
    now = before;
  });

  test("not yet valid", async () => expectRefused(await forged({ claims: { nbf: seconds() + 61 } })));

  test("of no algorithm", async () => {
    const unsigned = new UnsecuredJWT({ ent: client.enterpriseId, ver: 1, scp: ["READ"] })
      .setIssuer("clientele")
      .setAudience("clientele/v1")
      .setSubject(client.appId)
      .setIssuedAt(seconds())
      .setNotBefore(seconds())
      .setExpirationTime(seconds() + 60);
    await expectRefused(unsigned.encode());
    const [, payload] = (await forged()).split(".");
    for (const alg of ["none", "None", "NONE"]) {
      const header = Buffer.from(JSON.stringify({ alg, kid: key.id, typ: "at+jwt" })).toString("base64url");
      await expectRefused(`${header}.${payload}.`);
    }
  });

  test("of another algorithm, with the right key", async () => {
    for (const alg of ["HS384", "HS512"]) {
      const secret = Buffer.concat([key.secret, key.secret]);
      await expectRefused(await forged({ header: { alg }, secret }));
    }
  });

  test("of another key, of no key, or of a key it brings itself", async () => {
    const secret = randomBytes(32);
    await expectRefused(await forged({ secret }));
    await expectRefused(await forged({ header: { kid: "0123456789abcdef01234567" } }));
    await expectRefused(await forged({ header: { kid: undefined } }));
    await expectRefused(await forged({ header: { kid: "../../etc/passwd" } }));
    const jwk = { kty: "oct", k: secret.toString("base64url") };
    await expectRefused(await forged({ header: { jwk }, secret }));
    await expectRefused(await forged({ header: { jku: "https://example.com/keys" }, secret }));
  });

  test("for another audience, of another issuer or type", async () => {
    await expectRefused(await forged({ claims: { aud: "other" } }));
    await expectRefused(await forged({ claims: { iss: "other" } }));
    await expectRefused(await forged({ header: { typ: "JWT" } }));
  });

  test.each(["sub", "exp", "nbf", "iat", "ent", "ver", "scp"])("without the claim %s", async (claim) => {
    await expectRefused(await forged({ claims: { [claim]: undefined } }));
  });

  test("changed by one letter", async () => {
    const [header, payload, signature] = client.token.split(".") as [string, string, string];
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
    const wider = Buffer.from(JSON.stringify({ ...claims, scp: ["READ", "WRITE", "DELETE", "X"] })).toString(
      "base64url",
    );
    await expectRefused(`${header}.${wider}.${signature}`);
    await expectRefused(`${header}.${payload}.${signature.slice(0, -2)}AA`);
  });

  test("of an enterprise or an app that does not exist, or of another enterprise's app", async () => {
    const other = await it.client();
    await expectRefused(await forged({ claims: { ent: "0123456789abcdef01234567" } }));
    await expectRefused(await forged({ claims: { sub: "0123456789abcdef01234567" } }));
    await expectRefused(await forged({ claims: { ent: other.enterpriseId } }));
  });

  test("a refresh token, and an access token is no refresh token", async () => {
    const body = { appid: client.appId, appsecret: client.appSecret };
    const { refreshToken } = (await it.call("POST", "/v1/auth/token", { body })).body;
    await expectRefused(refreshToken);
    const refreshed = await it.call("POST", "/v1/auth/refreshtoken", {
      body: { refreshtoken: client.token },
    });
    expect(refreshed).toMatchObject({ status: 401, body: { errorCode: "TOKEN_INVALID" } });
  });
});

test("a rotated secret's and a revoked app's tokens stop at once, of both kinds", async () => {
  const app = await it.client();
  const login = (appsecret: string) =>
    it.call("POST", "/v1/auth/token", { body: { appid: app.appId, appsecret } });
  const refresh = (refreshtoken: string) =>
    it.call("POST", "/v1/auth/refreshtoken", { body: { refreshtoken } });
  const first = (await login(app.appSecret)).body;
  const { appSecret } = await rotateApp(it.database.operator, app.enterpriseId, app.appId, now);
  await expectRefused(first.accessToken);
  expect((await refresh(first.refreshToken)).status).toBe(401);
  expect((await login(app.appSecret)).body.errorCode).toBe("CREDENTIALS_INVALID");

  const second = (await login(appSecret)).body;
  expect((await get(second.accessToken)).status).toBe(200);
  const third = (await refresh(second.refreshToken)).body;
  expect((await get(third.accessToken)).status).toBe(200);
  await revokeApp(it.database.operator, app.enterpriseId, app.appId, now);
  for (const { accessToken, refreshToken } of [second, third]) {
    await expectRefused(accessToken);
    expect((await refresh(refreshToken)).status).toBe(401);
  }
  expect((await login(appSecret)).body.errorCode).toBe("CREDENTIALS_INVALID");
});

test("an unknown app and a wrong secret are answered alike", async () => {
  const other = await it.client();
  const attempts = [
    { appid: client.appId, appsecret: "x" },
    { appid: "0123456789abcdef01234567", appsecret: client.appSecret },
    { appid: client.appId, appsecret: other.appSecret },
    { appid: client.appId, appsecret: `cls_0123456789abcdef01234567_${"x".repeat(43)}` },
  ];
  const answers = [];
  for (const body of attempts) answers.push(await it.call("POST", "/v1/auth/token", { body }));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers[0]).toMatchObject({ status: 401, body: { errorCode: "CREDENTIALS_INVALID" } });
});
