import { generateKeyPairSync, randomBytes } from "node:crypto";
import { scopes } from "@clientele/contract/route";
import { SignJWT, UnsecuredJWT } from "jose";
import { revokeApp, rotateApp } from "../apps/provision.ts";
import { newIdAt } from "../ids/new-id.ts";
import type { Principal } from "./authorization-matrix.ts";
import type { TestApp } from "./start-app.ts";
import type { TwoEnterprises } from "./two-enterprises.ts";

type Headers = Record<string, string>;

/** The request headers of each principal. */
export async function headersOf(app: TestApp, { a, b }: TwoEnterprises): Promise<Record<Principal, Headers>> {
  const { rows } = await app.database.admin.query<{ id: string; secret: Buffer }>(
    "select id, secret from signing_keys",
  );
  const [key] = rows as [{ id: string; secret: Buffer }];
  const { operator, admin } = app.database;
  const { enterpriseId, appId, appSecret } = a.client;
  const bearer = (token: string, more: Headers = {}) => ({ authorization: `Bearer ${token}`, ...more });
  const hour = 3_600;
  const now = Math.floor(Date.now() / 1000);

  const good = {
    iss: "clientele",
    aud: "clientele/v1",
    sub: appId,
    ent: enterpriseId,
    ver: 1,
    scp: scopes,
  };
  const times = { iat: now, nbf: now, exp: now + hour };
  const header = { alg: "HS256", kid: key.id, typ: "at+jwt" };
  const signed = (
    claims: object = {},
    headers: object = {},
    by: Parameters<SignJWT["sign"]>[0] = key.secret,
  ) => new SignJWT({ ...good, ...times, ...claims }).setProtectedHeader({ ...header, ...headers }).sign(by);
  const ownKeys = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const granted = await app.call("POST", "/v1/auth/token", { body: { appid: appId, appsecret: appSecret } });

  const ofA = (request: Parameters<TestApp["client"]>[0] = {}) =>
    app.client({ enterpriseId, scopes, ...request });
  const [revoked, rotated, limited, reader, writer, deleter, administrator, defaults, stripped] =
    await Promise.all([
      ofA(),
      ofA(),
      ofA({ companyIds: [a.companyIds[0]] }),
      ofA({ scopes: ["READ"] }),
      ofA({ scopes: ["WRITE"] }),
      ofA({ scopes: ["DELETE"] }),
      ofA({ scopes: ["ADMIN"] }),
      app.client({ enterpriseId }),
      ofA(),
    ]);
  await revokeApp(operator, enterpriseId, revoked.appId, new Date());
  await rotateApp(operator, enterpriseId, rotated.appId, new Date());
  await admin.query("update apps set scopes = '{}' where id = $1", [stripped.appId]);

  const withoutEnd = new SignJWT({ ...good, iat: now, nbf: now }).setProtectedHeader(header).sign(key.secret);
  // The valid token differs from the invalid ones below in one claim each: it is proven to be accepted.
  return {
    nobody: {},
    "an empty token": bearer(""),
    "a malformed token": bearer("not.a.token"),
    "an expired token": bearer(await signed({ iat: now - 2 * hour, nbf: now - 2 * hour, exp: now - hour })),
    "a token not yet valid": bearer(await signed({ nbf: now + hour, exp: now + 2 * hour })),
    "a token without signature": bearer(new UnsecuredJWT({ ...good, ...times }).encode()),
    "a token of another algorithm": bearer(await signed({}, { alg: "HS512" }, randomBytes(64))),
    "a token of an unknown key": bearer(await signed({}, { kid: newIdAt(new Date()) })),
    "a token of a key that it brings": bearer(
      await signed(
        {},
        { alg: "RS256", jwk: ownKeys.publicKey.export({ format: "jwk" }) },
        ownKeys.privateKey,
      ),
    ),
    "a token signed by someone else": bearer(await signed({}, {}, randomBytes(32))),
    "a token of another audience": bearer(await signed({ aud: "clientele/v2" })),
    "a token of another issuer": bearer(await signed({ iss: "someone" })),
    "a token of another type": bearer(await signed({}, { typ: "rt+jwt" })),
    "a token without end": bearer(await withoutEnd),
    "a refresh token": bearer(granted.body.refreshToken),
    "a revoked app": bearer(revoked.token),
    "an app whose secret was rotated": bearer(rotated.token),
    "an app of B in a token that says A": bearer(await signed({ sub: b.client.appId })),
    B: bearer(b.client.token),
    "B with a company of A": bearer(b.client.token, { "company-id": a.companyIds[0] }),
    "A with a company of B": bearer(a.client.token, { "company-id": b.companyIds[0] }),
    "A with a company that never existed": bearer(a.client.token, { "company-id": newIdAt(new Date()) }),
    "A with a malformed company": bearer(a.client.token, { "company-id": "north" }),
    "A for one company, with another": bearer(limited.token, { "company-id": a.companyIds[1] }),
    "A for one company, with it": bearer(limited.token, { "company-id": a.companyIds[0] }),
    "A for one company, with none": bearer(limited.token),
    A: bearer(await signed()),
    "A without the Bearer": { authorization: a.client.token },
    "A, to read": bearer(reader.token),
    "A, to write": bearer(writer.token),
    "A, to delete": bearer(deleter.token),
    "A, to administer": bearer(administrator.token),
    "A with the usual scopes": bearer(defaults.token),
    "A, whose scopes were taken away": bearer(stripped.token),
  };
}
