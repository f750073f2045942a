import { describe, expect, test } from "vitest";
import { type Caller, readingAs } from "../database/as-enterprise.ts";
import { driverOf } from "../database/pools.ts";
import { sql } from "../database/sql.ts";
import { changeEnterprise, createEnterprise } from "../enterprises/operations.ts";
import { operatorOf } from "../journal/append.ts";
import { type Answer, startApp } from "../testing/start-app.ts";
import { openAccounts } from "./accounts.ts";
import { addMember } from "./add-member.ts";
import { invitePerson, removePerson as removeFromInstallation, resetPerson } from "./provision.ts";
import { createSetUpToken } from "./set-up.ts";

const registry = startApp({ publicUrl: "https://clientele.example.com" });
const plain = startApp();
const password = "correct horse battery";
const own = { origin: "https://clientele.example.com", "sec-fetch-site": "same-origin" };

const refused = (status: number, errorCode: string) => ({ status, body: { errorCode } });
const tokenOf = (link: string) => link.slice(link.indexOf("#") + 1);

/** The Cookie header that a browser would send. */
const cookieOf = ({ headers }: Answer): string =>
  [headers["set-cookie"] ?? []]
    .flat()
    .map((cookie) => String(cookie).split(";")[0])
    .join("; ");

const post = (path: string, body: unknown, cookie = "", headers: Record<string, string> = own) =>
  registry.call("POST", `/auth/${path}`, { body, headers: { ...headers, ...(cookie ? { cookie } : {}) } });
const signIn = (email: string, given = password) => post("sign-in/email", { email, password: given });
const get = (path: string, cookie = "") => registry.call("GET", `/auth/${path}`, { headers: { cookie } });

/** A person who has accepted an invitation, with the browser's cookies. */
async function invited(role: string, enterpriseId?: string) {
  const admin = await registry.person(enterpriseId ? { enterpriseId } : {});
  const email = `p${Math.random().toString(36).slice(2)}@example.com`;
  const made = await admin.post("/v1/people", { email: email.toUpperCase(), role });
  expect(made).toMatchObject({ status: 201, body: { data: { kind: "invitation", email, role } } });
  const token = tokenOf(made.body.data.link);
  const accepted = await post("accept", { token, name: "Ada", password });
  expect(accepted, accepted.text).toMatchObject({ status: 200, body: { data: { person: { email } } } });
  const cookie = cookieOf(accepted);
  const granted = await post("token", {}, cookie);
  expect(granted.body.data).toMatchObject({ expires: 600, enterpriseId: admin.enterpriseId });
  const authorization = `Bearer ${granted.body.data.accessToken}`;
  const call = (method: string, path: string, body?: unknown, headers = {}) =>
    registry.call(method, path, {
      headers: { authorization, ...headers },
      ...(body === undefined ? {} : { body }),
    });
  return { admin, email, cookie, token, call, personId: accepted.body.data.person.id as string };
}

/** Adds a member without an invitation. */
const join = (enterpriseId: string, person: { id: string; name: string; email: string }) =>
  changeEnterprise(registry.database.operator, enterpriseId, (database) =>
    addMember(operatorOf(database, new Date()), "accepted", {
      person: { ...person, locale: "en" },
      role: "administrator",
      companyIds: null,
    }),
  );

describe("the first administrator", () => {
  test("is created once by the link of the latest start, for every enterprise", async () => {
    const accounts = openAccounts(registry.database.people);
    const ids = [
      await createEnterprise(registry.database.operator, "B", new Date()),
      await createEnterprise(registry.database.operator, "A", new Date()),
    ];
    expect((await get("methods")).body.data).toEqual({ password: true, oidc: null, needsSetUp: true });
    // A set-up that was killed before it created the account leaves members.
    await join(ids[0]!, { id: "0".repeat(24), name: "Killed", email: "first@example.com" });
    const former = await createSetUpToken(accounts);
    const token = await createSetUpToken(accounts);
    const body = { name: "First", email: "First@Example.com", password };
    expect(await post("set-up", { ...body, token: former })).toMatchObject(refused(404, "LINK_INVALID"));
    expect(await post("set-up", { ...body, token, password: "too short" })).toMatchObject({
      status: 400,
      body: { details: { body: { password: expect.any(String) } } },
    });
    const answers = await Promise.all([
      post("set-up", { ...body, token }),
      post("set-up", { ...body, token }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 404]);
    const first = answers.find(({ status }) => status === 201)!;
    expect(first.body.data.person).toMatchObject({ name: "First", email: "first@example.com", locale: "en" });

    const personChanges = await registry.call("GET", "/v1/customer-changes", {
      query: { subject: "person" },
      headers: {
        authorization: `Bearer ${(await post("token", {}, cookieOf(first))).body.data.accessToken}`,
      },
    });
    const { id } = first.body.data.person;
    expect(personChanges.body.data.changes).toMatchObject([
      { kind: "created", reason: "set_up", subjectId: id, personId: id, after: { role: "administrator" } },
    ]);
    const { accessToken } = (await post("token", { enterpriseId: ids[0] }, cookieOf(first))).body.data;
    const listed = await registry.call("GET", "/v1/people", {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    expect(listed.body.data).toMatchObject([{ id, name: "First", email: "first@example.com" }]);
    expect((await get("methods")).body.data.needsSetUp).toBe(false);
    expect(await createSetUpToken(accounts)).toBe(null);
    const granted = await post("token", {}, cookieOf(first));
    const me = await registry.call("GET", "/v1/me", {
      headers: { authorization: `Bearer ${granted.body.data.accessToken}` },
    });
    expect(me.body.data).toMatchObject({
      kind: "person",
      role: "administrator",
      enterprises: [
        { id: ids[1], name: "A", role: "administrator" },
        { id: ids[0], name: "B", role: "administrator" },
      ],
    });
  });
});

describe("signing in", () => {
  test("stores the password as argon2id and the session in a host-only cookie", async () => {
    const { email, personId } = await invited("viewer");
    const { rows } = await registry.database.admin.query(
      "select password from people_accounts where person_id = $1",
      [personId],
    );
    expect(rows[0].password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const [first, second] = [await signIn(email.toUpperCase()), await signIn(email)];
    expect(first.body).toEqual({
      data: { person: { id: personId, name: "Ada", email, locale: "en" } },
      status: 1,
    });
    expect([first.headers["set-cookie"]].flat()).toEqual([
      expect.stringMatching(
        /^__Host-clientele\.session_token=[^;]+; Max-Age=259200; Path=\/; HttpOnly; Secure; SameSite=Lax$/i,
      ),
    ]);
    expect(cookieOf(second)).not.toBe(cookieOf(first));
    expect(first.text).not.toContain(cookieOf(first).slice(35, 60));
  });

  test("does not reveal which addresses exist", async () => {
    const { email } = await invited("viewer");
    const [wrong, unknown] = [await signIn(email, "wrong password"), await signIn("nobody@example.com")];
    expect(wrong).toMatchObject(refused(401, "SIGN_IN_INVALID"));
    expect(unknown.text).toBe(wrong.text);
    expect(wrong.headers["set-cookie"]).toBe(undefined);
  });

  test("is blocked for a minute after ten failures", async () => {
    const { email } = await invited("viewer");
    for (let failed = 0; failed < 10; failed++) await signIn(email, "wrong password");
    const last = await signIn(email);
    expect(last).toMatchObject(refused(429, "RATE_LIMITED"));
    expect(Number(last.headers["retry-after"])).toBeGreaterThan(0);
  });

  test.each([
    ["another site", { origin: "https://elsewhere.example.com", "sec-fetch-site": "cross-site" }],
    ["a sibling host", { origin: "https://shop.example.com", "sec-fetch-site": "same-site" }],
    ["our address that a browser does not confirm", { ...own, "sec-fetch-site": "cross-site" }],
    ["no page", {}],
  ])("a request from %s is refused, with a cookie or without", async (_name, headers) => {
    const { email, cookie } = await invited("viewer");
    expect(await post("token", {}, cookie, headers as never)).toMatchObject(refused(403, "ORIGIN_FORBIDDEN"));
    expect(await post("sign-in/email", { email, password }, "", headers as never)).toMatchObject(
      refused(403, "ORIGIN_FORBIDDEN"),
    );
  });

  test("offers no sign-up or other route of the library", async () => {
    for (const path of ["sign-up/email", "request-password-reset", "update-user", "delete-user"]) {
      expect((await post(path, { email: "a@example.com", password, name: "A" })).status, path).toBe(404);
    }
    expect((await get("get-session")).status).toBe(404);
    expect((await get("token")).status).toBe(405);
  });

  test("uses an unprefixed cookie without https", async () => {
    const { enterpriseId, email } = await plain.person();
    await resetPerson(plain.database, { email, publicUrl: null }, new Date()).then(async (link) => {
      expect(link).toMatch(/^\/reset#/);
      const headers = { host: "localhost:3030", origin: "http://localhost:3030" };
      const answer = await plain.call("POST", "/auth/accept", {
        headers,
        body: { token: tokenOf(link), password },
      });
      expect(String(answer.headers["set-cookie"]), answer.text).toMatch(/^clientele\.session_token=/);
      expect(String(answer.headers["set-cookie"])).not.toMatch(/secure/i);
      const granted = await plain.call("POST", "/auth/token", {
        headers: { ...headers, cookie: cookieOf(answer) },
        body: {},
      });
      expect(granted.body.data.enterpriseId).toBe(enterpriseId);
    });
  });
});

describe("a session", () => {
  test("is listed and revoked, which invalidates its tokens at once", async () => {
    const { email, cookie, call } = await invited("viewer");
    const other = cookieOf(await signIn(email));
    const { body } = await get("list-sessions", cookie);
    expect(body).toMatchObject({
      total: 2,
      data: expect.arrayContaining([expect.objectContaining({ isCurrent: true })]),
    });
    expect(JSON.stringify(body)).not.toMatch(/token/);
    const current = body.data.find((session: { isCurrent: boolean }) => session.isCurrent);
    expect((await call("GET", "/v1/me")).status).toBe(200);
    expect(await post("revoke-session", { id: current.id }, other)).toMatchObject({ status: 200 });
    expect(await call("GET", "/v1/me")).toMatchObject(refused(401, "TOKEN_INVALID"));
    expect(await post("token", {}, cookie)).toMatchObject(refused(401, "SIGN_IN_NEEDED"));
    const stranger = await invited("viewer");
    const id = (await get("list-sessions", stranger.cookie)).body.data[0].id;
    expect(await post("revoke-session", { id }, other)).toMatchObject(refused(404, "SESSION_NOT_FOUND"));
  });

  test("ends by sign-out, by a new password and by expiry", async () => {
    const { email, cookie, call, personId } = await invited("viewer");
    const other = cookieOf(await signIn(email));
    const change = { currentPassword: "not it at all", newPassword: "another good password" };
    expect(await post("change-password", change, other)).toMatchObject(refused(400, "PASSWORD_WRONG"));
    const changed = await post("change-password", { ...change, currentPassword: password }, other);
    expect(changed.status, changed.text).toBe(200);
    expect(await call("GET", "/v1/me")).toMatchObject(refused(401, "TOKEN_INVALID"));
    expect(await get("list-sessions", cookie)).toMatchObject(refused(401, "SIGN_IN_NEEDED"));
    const now = cookieOf(changed);
    expect((await post("sign-out", {}, now)).body.data).toEqual({ signedOut: true });
    expect(await post("token", {}, now)).toMatchObject(refused(401, "SIGN_IN_NEEDED"));

    const last = cookieOf(await signIn(email, change.newPassword));
    const ends = (sql: string) =>
      registry.database.admin.query(`update people_sessions set ${sql} where person_id = $1`, [personId]);
    // A session used on its thirtieth day is not extended.
    await ends("created_at = now() - interval '29 days', expires_at = now() + interval '1 hour'");
    expect((await post("token", {}, last)).status).toBe(200);
    const { rows } = await registry.database.admin.query(
      "select extract(epoch from expires_at - created_at) / 86400 as days from people_sessions where person_id = $1",
      [personId],
    );
    expect(Number(rows[0].days)).toBeCloseTo(30, 2);
    await ends("created_at = now() - interval '4 days', expires_at = now() - interval '1 second'");
    expect(await post("token", {}, last)).toMatchObject(refused(401, "SIGN_IN_NEEDED"));
  });
});

describe("a member", () => {
  const field = { label: "Shoe size", type: "NUMBER" };

  test("has the access of the role from the next request on", async () => {
    const { admin, call, personId } = await invited("viewer");
    const customers = "/v1/enterprise-customers";
    expect((await call("GET", customers)).status).toBe(200);
    expect(await call("POST", customers, {})).toMatchObject(refused(403, "SCOPE_MISSING"));
    expect(await call("GET", "/v1/people")).toMatchObject(refused(403, "SCOPE_MISSING"));

    const editor = await registry.person({ enterpriseId: admin.enterpriseId, role: "editor" });
    expect((await editor.post(customers, {})).status).toBe(201);
    for (const [method, path, body] of [
      ["POST", `${customers}/customfields`, field],
      ["POST", `${customers}/customfields/categories`, { name: "More" }],
      ["GET", "/v1/webhooks"],
    ] as const) {
      const options = body ? { body } : {};
      expect(await editor.request(method, path, options), path).toMatchObject(refused(403, "SCOPE_MISSING"));
      expect((await admin.request(method, path, options)).status, path).toBeLessThan(300);
    }
    // An app's WRITE is enough for what a person needs ADMIN for.
    const app = await registry.client({ enterpriseId: admin.enterpriseId });
    expect((await app.post(`${customers}/customfields`, { ...field, label: "Hat" })).status).toBe(201);

    await admin.patch(`/v1/people/${editor.personId}`, { role: "viewer" });
    expect(await editor.post(customers, {})).toMatchObject(refused(403, "SCOPE_MISSING"));
    await admin.delete(`/v1/people/${personId}`);
    expect(await call("GET", customers)).toMatchObject(refused(401, "TOKEN_INVALID"));
  });

  test("limited to companies acts for these and grants no others", async () => {
    const admin = await registry.person();
    const ids: string[] = [];
    for (const name of ["North", "South"])
      ids.push((await admin.post("/v1/companies", { name })).body.data.id);
    const limited = await registry.person({ enterpriseId: admin.enterpriseId, companyIds: [ids[0]!] });
    const acting = (id: string) => limited.get("/v1/me", { headers: { "company-id": id } });
    expect((await acting(ids[0]!)).body.data.companyIds).toEqual([ids[0]]);
    expect(await acting(ids[1]!)).toMatchObject(refused(403, "COMPANY_FORBIDDEN"));
    const invite = { email: "limited@example.com", role: "viewer" };
    for (const company_ids of [null, [ids[1]]]) {
      expect(await limited.post("/v1/people", { ...invite, company_ids })).toMatchObject({
        body: { errorCode: "GRANT_EXCEEDED" },
      });
    }
    expect((await limited.post("/v1/people", invite)).body.data.companyIds).toEqual([ids[0]]);
    // Resetting the password of somebody with wider access would grant that access.
    for (const [method, path] of [
      ["POST", "/reset"],
      ["PATCH", ""],
      ["DELETE", ""],
    ] as const) {
      expect(
        await limited.request(method, `/v1/people/${admin.personId}${path}`, { body: {} }),
      ).toMatchObject({ status: 403, body: { errorCode: "GRANT_EXCEEDED" } });
    }
    expect(await admin.post("/v1/people", { ...invite, company_ids: ["0".repeat(24)] })).toMatchObject({
      status: 400,
      body: { errorCode: "COMPANY_UNKNOWN", details: { body: { "company_ids.0": expect.any(String) } } },
    });
  });

  test("the last administrator stays, even under concurrent removals", async () => {
    const one = await registry.person();
    expect(await one.delete(`/v1/people/${one.personId}`)).toMatchObject(refused(409, "LAST_ADMINISTRATOR"));
    expect(await one.patch(`/v1/people/${one.personId}`, { role: "editor" })).toMatchObject(
      refused(409, "LAST_ADMINISTRATOR"),
    );
    const other = await registry.person({ enterpriseId: one.enterpriseId });
    const answers = await Promise.all([
      one.delete(`/v1/people/${one.personId}`),
      other.patch(`/v1/people/${other.personId}`, { role: "viewer" }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test("is named in the journal, also after removal", async () => {
    const admin = await registry.person({ name: "Grace" });
    const leaver = await registry.person({ enterpriseId: admin.enterpriseId, role: "editor", name: "Linus" });
    const { body } = await leaver.post("/v1/enterprise-customers", { external_id: "K-1" });
    const imported = await leaver.post("/v1/customer-imports", { customers: [{ external_id: "K-2" }] });
    await registry.work();
    await admin.delete(`/v1/people/${leaver.personId}`);
    const by = { appId: null, appName: "", personId: leaver.personId, personName: "Linus" };
    const history = await admin.get(`/v1/enterprise-customers/${body.data.id}/history`);
    expect(history.body.data).toMatchObject([{ kind: "created", ...by }]);
    const feed = await admin.get("/v1/customer-changes", { query: { subject: "customer" } });
    expect(feed.body.data.changes).toMatchObject([by, by]);
    const job = await admin.get(`/v1/customer-imports/${imported.body.data.id}`);
    expect(job.body.data).toMatchObject({ personId: leaver.personId, personName: "Linus", appId: null });
    expect(await leaver.get("/v1/me")).toMatchObject(refused(401, "TOKEN_INVALID"));
  });

  test("changes their own name and language, and has their own idempotency keys", async () => {
    const one = await registry.person({ role: "viewer" });
    expect((await one.patch("/v1/me", { name: "Ada L.", locale: "de" })).body.data).toMatchObject({
      name: "Ada L.",
      locale: "de",
    });
    expect((await one.get("/v1/me")).body.data).toMatchObject({ name: "Ada L.", locale: "de" });
    const editor = await registry.person({ enterpriseId: one.enterpriseId, role: "editor" });
    const other = await registry.person({ enterpriseId: one.enterpriseId, role: "editor" });
    const headers = { "idempotency-key": "k" };
    const made = await editor.post("/v1/enterprise-customers", {}, { headers });
    expect((await editor.post("/v1/enterprise-customers", {}, { headers })).text).toBe(made.text);
    expect((await other.post("/v1/enterprise-customers", {}, { headers })).text).not.toBe(made.text);
  });
});

describe("an invitation", () => {
  test("describes itself, is accepted once, and is invalid once expired, withdrawn or replaced", async () => {
    const admin = await registry.person();
    const email = "invited@example.com";
    const invite = async () => (await admin.post("/v1/people", { email, role: "editor" })).body.data;
    const open = (link: string) =>
      registry.call("GET", "/auth/invitation", { query: { token: tokenOf(link) } });
    const former = await invite();
    const current = await invite();
    expect(current.link).toMatch(/^https:\/\/clientele\.example\.com\/invitation#inv_/);
    expect(await open(former.link)).toMatchObject(refused(404, "LINK_INVALID"));
    expect((await open(current.link)).body.data).toMatchObject({
      kind: "invitation",
      email,
      enterprise: { id: admin.enterpriseId, name: "Test" },
      role: "editor",
      hasAccount: false,
    });
    expect(await post("accept", { token: tokenOf(current.link) })).toMatchObject({
      status: 400,
      body: { details: { body: { name: "is required", password: "is required" } } },
    });
    const { rows } = await registry.database.admin.query("select i::text as row from invitations i");
    expect(JSON.stringify(rows)).not.toContain(tokenOf(current.link));
    const listed = (await admin.get("/v1/people")).body.data;
    expect(listed.map((person: { kind: string }) => person.kind)).toEqual(["member", "invitation"]);
    expect(JSON.stringify(listed)).not.toContain("#");

    await registry.database.admin.query("update invitations set expires_at = now() - interval '1 second'");
    expect(await open(current.link)).toMatchObject(refused(404, "LINK_INVALID"));
    const last = await invite();
    await admin.delete(`/v1/people/invitations/${last.id}`);
    expect(await post("accept", { token: tokenOf(last.link), name: "A", password })).toMatchObject(
      refused(404, "LINK_INVALID"),
    );
    const { link } = await invite();
    const both = await Promise.all(
      [1, 2].map(() => post("accept", { token: tokenOf(link), name: "A", password })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 404]);
    expect(await admin.post("/v1/people", { email, role: "viewer" })).toMatchObject(
      refused(409, "MEMBER_EXISTS"),
    );
  });

  test("of an existing account requires that person to be signed in", async () => {
    const one = await invited("viewer");
    const other = await invited("viewer");
    const admin = await registry.person();
    const { link } = (await admin.post("/v1/people", { email: one.email, role: "editor" })).body.data;
    const token = tokenOf(link);
    expect(await post("accept", { token, name: "X", password: "a new password" })).toMatchObject(
      refused(401, "SIGN_IN_NEEDED"),
    );
    expect(await post("accept", { token }, other.cookie)).toMatchObject(refused(403, "INVITATION_OF_OTHER"));
    expect((await post("accept", { token }, one.cookie)).status).toBe(200);
    const granted = await post("token", { enterpriseId: admin.enterpriseId }, one.cookie);
    expect(granted.body.data.enterpriseId).toBe(admin.enterpriseId);
    expect(await post("token", { enterpriseId: admin.enterpriseId }, other.cookie)).toMatchObject(
      refused(403, "MEMBERSHIP_MISSING"),
    );
    // One enterprise cannot reset a password that is valid for two.
    expect(await admin.post(`/v1/people/${one.personId}/reset`, {})).toMatchObject(
      refused(409, "PERSON_SHARED"),
    );
  });
});

test("a password link works once and ends every session", async () => {
  const { admin, email, personId, call } = await invited("viewer");
  const made = await admin.post(`/v1/people/${personId}/reset`, {});
  const token = tokenOf(made.body.data.link);
  const opened = await registry.call("GET", "/auth/invitation", { query: { token } });
  expect(opened.body.data).toMatchObject({ kind: "reset", email, enterprise: null, hasAccount: true });
  expect((await post("accept", { token, password: "another good password" })).status).toBe(200);
  expect(await call("GET", "/v1/me")).toMatchObject(refused(401, "TOKEN_INVALID"));
  expect(await signIn(email)).toMatchObject(refused(401, "SIGN_IN_INVALID"));
  expect((await signIn(email, "another good password")).status).toBe(200);
  expect(await post("accept", { token, password })).toMatchObject(refused(404, "LINK_INVALID"));
});

describe("the journal", () => {
  type PersonChange = { kind: string; reason: string; subjectId: string; before: unknown; after: unknown };
  const feed = "/v1/customer-changes";
  const personChanges = async (admin: Awaited<ReturnType<typeof registry.person>>) => {
    const { changes } = (await admin.get(feed, { query: { subject: "person" } })).body.data;
    // The journal contains neither the token nor its hash.
    expect(JSON.stringify(changes)).not.toMatch(/inv_|[0-9a-f]{64}|argon2|[\w-]{43}"/);
    return changes;
  };

  test("records invitations with author and outcome, and every change of access", async () => {
    const { admin, email, personId, call } = await invited("viewer");
    const by = { appId: null, personId: admin.personId, subject: "person" };
    const own = { ...by, personId };
    const granted = { email, role: "viewer", companyIds: null };
    const invitation = { ...granted, expiresAt: expect.stringMatching(/Z$/) };
    const joined = await personChanges(admin);
    expect(joined).toMatchObject([
      { kind: "created", reason: "invited", ...by, before: null, after: invitation },
      { kind: "deleted", reason: "accepted", ...own, before: invitation, after: null },
      {
        kind: "created",
        reason: "accepted",
        ...own,
        subjectId: personId,
        version: 1,
        before: null,
        after: granted,
      },
    ]);
    expect(joined[1].subjectId).toBe(joined[0].subjectId);
    expect(joined[1].requestId).toBe(joined[2].requestId);

    const company = (await admin.post("/v1/companies", { name: "North" })).body.data.id;
    await admin.patch(`/v1/people/${personId}`, { role: "editor", company_ids: [company] });
    await admin.patch(`/v1/people/${personId}`, { role: "editor" });
    const { expiresAt } = (await admin.post(`/v1/people/${personId}/reset`, {})).body.data;
    expect((await call("GET", feed)).text).not.toContain(email);
    await admin.delete(`/v1/people/${personId}`);
    const after = { role: "editor", companyIds: [company] };
    expect((await personChanges(admin)).slice(3)).toMatchObject([
      {
        kind: "updated",
        reason: "request",
        ...by,
        version: 2,
        before: { role: "viewer", companyIds: null },
        after,
      },
      {
        kind: "updated",
        reason: "password_link",
        ...by,
        subjectId: personId,
        before: { passwordLinkExpiresAt: null },
        after: { passwordLinkExpiresAt: expiresAt },
      },
      { kind: "deleted", reason: "request", ...by, version: 3, before: { email, ...after }, after: null },
    ]);

    const { link } = (await admin.post("/v1/people", { email, role: "editor" })).body.data;
    const cookie = cookieOf(await signIn(email));
    expect((await post("accept", { token: tokenOf(link) }, cookie)).status).toBe(200);
    expect((await personChanges(admin)).at(-1)).toMatchObject({
      kind: "created",
      reason: "accepted",
      version: 4,
    });
  });

  test("records every replaced invitation, also of concurrent ones", async () => {
    const admin = await registry.person();
    const invite = () => admin.post("/v1/people", { email: "both@example.com", role: "viewer" });
    const made = [await invite(), ...(await Promise.all([invite(), invite()]))];
    const last = (await admin.get("/v1/people")).body.data.at(-1).id;
    const others = made.map(({ body }) => body.data.id).filter((id) => id !== last);
    expect(others).toHaveLength(2);
    await admin.delete(`/v1/people/invitations/${last}`);
    const changes: PersonChange[] = await personChanges(admin);
    const those = (reason: string) =>
      changes
        .filter((change) => change.reason === reason)
        .map(({ kind, subjectId }) => `${kind} ${subjectId}`);
    expect(those("invited").sort()).toEqual([...others, last].map((id) => `created ${id}`).sort());
    expect(those("invited_again").sort()).toEqual(others.map((id) => `deleted ${id}`).sort());
    expect(those("withdrawn")).toEqual([`deleted ${last}`]);
  });

  test("records actions of the operator without a person or app", async () => {
    const admin = await registry.person();
    const { people, operator } = registry.database;
    const { enterpriseId, email, personId } = await registry.person({ enterpriseId: admin.enterpriseId });
    const asked = { email: "new@example.com", role: "viewer" as const, publicUrl: null };
    await invitePerson(operator, enterpriseId, asked, new Date());
    await resetPerson({ people, operator }, { email, publicUrl: null }, new Date());
    await removeFromInstallation({ people, operator }, email, new Date());
    const by = { appId: null, personId: null };
    expect(await personChanges(admin)).toMatchObject([
      { kind: "created", reason: "invited", ...by, after: { email: asked.email, role: "viewer" } },
      { kind: "updated", reason: "password_link", ...by, subjectId: personId },
      { kind: "deleted", reason: "operator", ...by, subjectId: personId, before: { email } },
    ]);
  });

  test("shows people to callers with ADMIN only", async () => {
    const { admin, email } = await invited("viewer");
    const app = await registry.client({ enterpriseId: admin.enterpriseId });
    expect(await app.get(feed, { query: { subject: "person" } })).toMatchObject(
      refused(403, "SCOPE_MISSING"),
    );
    expect((await app.get(feed)).text).not.toContain(email);
    expect((await admin.get(feed)).text).toContain(email);
  });
});

test("updates and removals of a member honour If-Match", async () => {
  const admin = await registry.person();
  const { personId } = await registry.person({ enterpriseId: admin.enterpriseId, role: "viewer" });
  const path = `/v1/people/${personId}`;
  const looked = (await admin.patch(path, {})).headers["etag"] as string;
  const headers = { "if-match": looked };
  const changed = await admin.patch(path, { role: "editor" }, { headers });
  expect(changed).toMatchObject({ status: 200, body: { data: { role: "editor" } } });
  expect(changed.headers["etag"]).not.toBe(looked);
  expect(await admin.patch(path, { role: "administrator" }, { headers })).toMatchObject(
    refused(412, "VERSION_MISMATCH"),
  );
  expect(await admin.delete(path, { headers })).toMatchObject(refused(412, "VERSION_MISMATCH"));
  const member = (await admin.get("/v1/people")).body.data.find(
    (person: { id: string }) => person.id === personId,
  );
  expect(member.role).toBe("editor");
  const current = { headers: { "if-match": changed.headers["etag"] as string } };
  expect((await admin.delete(path, current)).status).toBe(200);
});

test("the operator removes a person, but not the last administrator", async () => {
  const one = await registry.person();
  const { people, operator } = registry.database;
  const remove = (email: string) => removeFromInstallation({ people, operator }, email, new Date());
  await expect(remove(one.email)).rejects.toThrow("is the last administrator of Test");
  const other = await registry.person({ enterpriseId: one.enterpriseId });
  await remove(one.email);
  expect(await one.get("/v1/me")).toMatchObject(refused(401, "TOKEN_INVALID"));
  expect((await other.get("/v1/people")).body.total).toBe(1);
});

test("a membership has the current name and language of its person, also a former one, until the account is deleted", async () => {
  const { people, operator } = registry.database;
  const name = "Ada";
  const one = await registry.person({ name });
  const elsewhere = await registry.person();
  const former = await registry.person();
  const enterprises = [one, elsewhere, former].map(({ enterpriseId }) => enterpriseId);
  for (const { enterpriseId } of [elsewhere, former])
    await join(enterpriseId, { id: one.personId, name, email: one.email });
  await former.delete(`/v1/people/${one.personId}`);
  const members = async () =>
    (
      await registry.database.admin.query(
        `select e.id, m.name, m.email, m.locale from members m join enterprises e on e.key = m.enterprise_id
         where m.person_id = $1 order by 1`,
        [one.personId],
      )
    ).rows;
  const all = (member: object) => [...enterprises].sort().map((id) => ({ id, ...member }));

  expect((await one.patch("/v1/me", { name: "Countess", locale: "de" })).body.data.name).toBe("Countess");
  expect(await members()).toEqual(all({ name: "Countess", email: one.email, locale: "de" }));
  expect((await elsewhere.get("/v1/people")).text).toContain("Countess");
  await registry.person({ enterpriseId: one.enterpriseId });
  await removeFromInstallation({ people, operator }, one.email, new Date());
  expect(await members()).toEqual(all({ name: "", email: "", locale: "de" }));
});

test("an enterprise sees its members, the session of its caller and no credentials", async () => {
  const [one, other] = [await registry.person(), await registry.person()];
  await registry.person({ enterpriseId: one.enterpriseId });
  const { enterpriseId, personId, sessionId } = one;
  const seen = (caller: Caller) =>
    readingAs(registry.database.service, caller).many(sql<{ id: string }>`select id from people_sessions`);
  expect(await seen({ enterpriseId, kind: "operator" })).toEqual([]);
  const person = { kind: "person", id: personId, sessionId, companyId: null, scope: "READ" } as const;
  expect(await seen({ enterpriseId, ...person })).toEqual([{ id: sessionId }]);
  for (const pool of [registry.database.service, registry.database.operator])
    await expect(driverOf(pool).query("select id from people")).rejects.toMatchObject({ code: "42501" });
  expect(await one.patch(`/v1/people/${other.personId}`, { role: "viewer" })).toMatchObject(
    refused(404, "PERSON_NOT_FOUND"),
  );
  for (const table of ["people_accounts", "people_verifications", "people_links"])
    await expect(driverOf(registry.database.service).query(`select from ${table}`)).rejects.toMatchObject({
      code: "42501",
    });
  await expect(
    driverOf(registry.database.service).query("select token from people_sessions"),
  ).rejects.toMatchObject({
    code: "42501",
  });
  await expect(driverOf(registry.database.people).query("select from customers")).rejects.toMatchObject({
    code: "42501",
  });
  expect((await driverOf(registry.database.people).query("select from members")).rowCount).toBe(0);
});
