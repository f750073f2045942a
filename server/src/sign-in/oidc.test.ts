import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, startApp } from "../testing/start-app.ts";
import type { Oidc } from "./better-auth.ts";

const clientId = "clientele";
const clientSecret = "not very secret";
/** Set before the service first contacts the issuer. */
const oidc: Oidc = { issuer: "", clientId, clientSecret, name: "Test issuer" };
const app = startApp({ oidc });
const own = { host: "localhost", origin: "http://localhost", "sec-fetch-site": "same-origin" };

let server: Server;
/** The identity that the issuer returns, and the requests it received. */
let identity: Record<string, unknown> = {};
let nonce = "";
let asked = "";
/** Details of the request that the browser returned with. */
let requestId = "";

/** An OpenID Connect issuer that signs the configured identity for every code. */
beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const jwk = { ...(await exportJWK(publicKey)), kid: "k", alg: "RS256", use: "sig" };
  server = createServer(async (request, response) => {
    const send = (body: unknown) =>
      response.setHeader("content-type", "application/json").end(JSON.stringify(body));
    if (request.url === "/.well-known/openid-configuration") {
      return send({
        issuer: oidc.issuer,
        authorization_endpoint: `${oidc.issuer}/authorize`,
        token_endpoint: `${oidc.issuer}/token`,
        jwks_uri: `${oidc.issuer}/jwks`,
        id_token_signing_alg_values_supported: ["RS256"],
      });
    }
    if (request.url === "/jwks") return send({ keys: [jwk] });
    asked = "";
    for await (const piece of request) asked += piece;
    const idToken = await new SignJWT({ nonce, ...identity })
      .setProtectedHeader({ alg: "RS256", kid: "k" })
      .setIssuer(oidc.issuer)
      .setAudience(clientId)
      .setIssuedAt()
      .setExpirationTime("5m")
      .sign(privateKey);
    return send({ access_token: "a", token_type: "Bearer", expires_in: 60, id_token: idToken });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  oidc.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const cookieOf = ({ headers }: Answer): string =>
  [headers["set-cookie"] ?? []]
    .flat()
    .map((cookie) => String(cookie).split(";")[0])
    .join("; ");

/** Runs the redirect through the issuer and back. */
async function signInAs(who: Record<string, unknown>, change: (callback: URL) => void = () => undefined) {
  identity = who;
  const begun = await app.call("POST", "/auth/sign-in/oidc", {
    headers: own,
    body: { returnTo: "/customers" },
  });
  expect(begun.status, begun.text).toBe(200);
  const authorize = new URL(begun.body.data.url);
  expect(authorize.origin).toBe(oidc.issuer);
  expect(authorize.searchParams.get("code_challenge_method")).toBe("S256");
  nonce = authorize.searchParams.get("nonce") ?? "";
  const callback = new URL(authorize.searchParams.get("redirect_uri")!);
  expect(callback.href).toBe("http://localhost/auth/callback/oidc");
  callback.searchParams.set("code", "c");
  callback.searchParams.set("state", authorize.searchParams.get("state")!);
  change(callback);
  const back = await app.call("GET", callback.pathname + callback.search, {
    headers: { host: "localhost", cookie: cookieOf(begun) },
  });
  expect(back.status, back.text).toBe(302);
  requestId = String(back.headers["x-request-id"]);
  const taken = await app.call("POST", "/auth/token", {
    headers: { ...own, cookie: cookieOf(back) },
    body: {},
  });
  return {
    location: String(back.headers["location"]),
    token: taken.body.data?.accessToken as string | undefined,
  };
}

const refused = { location: "/sign-in?error=SIGN_IN_NOT_INVITED", token: undefined };

test("the methods include the issuer", async () => {
  const { body } = await app.call("GET", "/auth/methods");
  expect(body.data.oidc).toEqual({ name: "Test issuer" });
});

test("a person who is neither a member nor invited is rejected and not stored", async () => {
  expect(await signInAs({ sub: "s", email: "stranger@example.com", email_verified: true })).toEqual(refused);
  const { rows } = await app.database.admin.query("select from people where email = 'stranger@example.com'");
  expect(rows).toEqual([]);
});

test("an invited person becomes a member by the address that the issuer has verified", async () => {
  const admin = await app.person();
  await admin.post("/v1/people", { email: "ada@example.com", role: "editor" });
  const who = { sub: "ada", email: "Ada@example.com", name: "Ada" };
  expect(await signInAs({ ...who, email_verified: false })).toEqual(refused);
  const { location, token } = await signInAs({ ...who, email_verified: true });
  const joinedBy = requestId;
  expect(location).toMatch(/\/customers$/);
  expect(new URLSearchParams(asked).get("code_verifier")).toMatch(/^[\w-]{43,}$/);
  const me = await app.call("GET", "/v1/me", { headers: { authorization: `Bearer ${token}` } });
  expect(me.body.data).toMatchObject({ name: "Ada", email: "ada@example.com", role: "editor" });
  expect((await admin.get("/v1/people")).body.data).toMatchObject([{ kind: "member" }, { kind: "member" }]);
  const feed = await admin.get("/v1/customer-changes", { query: { subject: "person" } });
  const joined = feed.body.data.changes.filter((change: { reason: string }) => change.reason === "accepted");
  expect(joined).toMatchObject([
    { kind: "deleted", personId: me.body.data.id, requestId: joinedBy },
    { kind: "created", personId: me.body.data.id, requestId: joinedBy, subjectId: me.body.data.id },
  ]);
  // The next sign-in matches by the issuer's subject; its tokens are not stored.
  const again = await signInAs({ ...who, email_verified: true });
  expect(again.token).toBeTypeOf("string");
  const { rows } = await app.database.admin.query(
    "select access_token, refresh_token, id_token from people_accounts where provider_id = 'oidc'",
  );
  expect(rows).toEqual([{ access_token: null, refresh_token: null, id_token: null }]);

  await admin.delete(`/v1/people/${me.body.data.id}`);
  expect((await signInAs({ ...who, email_verified: true })).token).toBe(undefined);
});

test("a member with a password is the same person through the issuer once it has verified the address", async () => {
  const member = await app.person({ role: "viewer" });
  const who = { sub: "m", email: member.email, name: "Somebody else's idea of a name" };
  expect(await signInAs({ ...who, email_verified: false })).toEqual(refused);
  const { token } = await signInAs({ ...who, email_verified: true });
  const me = await app.call("GET", "/v1/me", { headers: { authorization: `Bearer ${token}` } });
  expect(me.body.data).toMatchObject({ id: member.personId, name: "Test person", role: "viewer" });
});

test.each([
  ["another state", (callback: URL) => callback.searchParams.set("state", "x")],
  ["an error of the issuer", (callback: URL) => callback.searchParams.set("error", "access_denied")],
  [
    "another nonce",
    () => {
      nonce = "x";
    },
  ],
])("with %s it fails", async (_name, change) => {
  const member = await app.person();
  const who = { sub: member.personId, email: member.email, email_verified: true };
  expect(await signInAs(who, change)).toEqual({
    location: "/sign-in?error=SIGN_IN_FAILED",
    token: undefined,
  });
});
