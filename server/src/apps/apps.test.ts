import { scopes } from "@clientele/contract/route";
import { beforeAll, describe, expect, test } from "vitest";
import { createCompany } from "../companies/provision.ts";
import { type Client, startApp } from "../testing/start-app.ts";

const now = new Date("2030-01-15T09:00:00Z");
const registry = startApp({ clock: () => now });
const path = "/v1/apps";

let admin: Client;
let [north, south] = ["", ""];
beforeAll(async () => {
  admin = await registry.client({ scopes });
  const { operator } = registry.database;
  north = await createCompany(operator, admin.enterpriseId, { name: "North" }, now);
  south = await createCompany(operator, admin.enterpriseId, { name: "South" }, now);
});

const ofAdmin = (request: object) => registry.client({ enterpriseId: admin.enterpriseId, ...request });
const create = async (body: object = {}) => (await admin.post(path, { name: "Till", ...body })).body.data;
const tokenOf = (appid: string, appsecret: string) =>
  registry.call("POST", "/v1/auth/token", { body: { appid, appsecret } });
const journalOf = async (subjectId: string) =>
  (
    await registry.database.admin.query(
      `select subject, kind, version, app_id, before, after from changes where subject_id = $1 order by number`,
      [subjectId],
    )
  ).rows;

describe("apps", () => {
  test("can authenticate after creation; the secret is shown once", async () => {
    const answer = await admin.post(path, { name: " Till ", scopes: ["READ", "READ"], company_ids: [north] });
    expect(answer.status).toBe(201);
    const { secret, ...app } = answer.body.data;
    expect(app).toEqual({
      id: app.id,
      name: "Till",
      scopes: ["READ"],
      companyIds: [north],
      secretVersion: 1,
      createdAt: "2030-01-15T09:00:00Z",
      rotatedAt: null,
      revokedAt: null,
      lastUsedAt: null,
    });
    expect((await tokenOf(app.id, secret)).status).toBe(200);
    const list = await admin.get(path);
    expect(list.body.data).toContainEqual(app);
    expect(list.text).not.toContain("cls_");
    const { rows } = await registry.database.admin.query("select a::text as row from apps a where id = $1", [
      app.id,
    ]);
    expect(rows[0].row).not.toContain(secret.slice(-43));
  });

  test("default to the usual scopes and the companies of their creator", async () => {
    expect(await create()).toMatchObject({ scopes: ["READ", "WRITE", "DELETE"], companyIds: null });
    const limited = await ofAdmin({ scopes, companyIds: [north] });
    expect((await limited.post(path, { name: "x" })).body.data.companyIds).toEqual([north]);
  });

  test("apply changes at once, also to existing tokens", async () => {
    const { id, secret } = await create();
    const token = (await tokenOf(id, secret)).body.accessToken;
    const asked = () => registry.call("GET", "/v1/companies", { headers: { authorization: token } });
    expect((await asked()).body.total).toBe(2);
    const unchanged = await admin.patch(`${path}/${id}`, { name: "Till" });
    const changed = await admin.patch(`${path}/${id}`, { company_ids: [south] });
    expect(changed.body.data.companyIds).toEqual([south]);
    expect((await asked()).body.data).toMatchObject([{ id: south }]);
    const stale = { headers: { "if-match": String(unchanged.headers["etag"]) } };
    expect(await admin.patch(`${path}/${id}`, { name: "y" }, stale)).toMatchObject({ status: 412 });
    await admin.patch(`${path}/${id}`, { scopes: ["WRITE"] });
    expect((await asked()).body.errorCode).toBe("SCOPE_MISSING");
    expect((await admin.patch(`${path}/${id}`, { company_ids: null })).body.data.companyIds).toBeNull();
  });

  test("rotate their secret, which invalidates the old one and its tokens", async () => {
    const { id, secret } = await create();
    const token = (await tokenOf(id, secret)).body.accessToken;
    const rotated = (await admin.post(`${path}/${id}/rotate`, undefined)).body.data;
    expect(rotated).toMatchObject({ id, secretVersion: 2, rotatedAt: "2030-01-15T09:00:00Z" });
    const listed = await registry.call("GET", "/v1/companies", { headers: { authorization: token } });
    expect(listed.body.errorCode).toBe("TOKEN_INVALID");
    expect((await tokenOf(id, secret)).status).toBe(401);
    expect((await tokenOf(id, rotated.secret)).status).toBe(200);
  });

  test("are revoked permanently and stay listed", async () => {
    const { id, secret } = await create();
    expect((await admin.delete(`${path}/${id}`)).body).toEqual({ data: { id }, status: 1 });
    expect((await tokenOf(id, secret)).status).toBe(401);
    const { data } = (await admin.get(path)).body;
    expect(data.find((app: { id: string }) => app.id === id).revokedAt).toBe("2030-01-15T09:00:00Z");
    for (const again of [
      await admin.patch(`${path}/${id}`, { name: "x" }),
      await admin.post(`${path}/${id}/rotate`, undefined),
      await admin.delete(`${path}/${id}`),
    ])
      expect(again).toMatchObject({ status: 409, body: { errorCode: "APP_REVOKED" } });
  });

  test("are journaled without their secrets, visible to administrators only", async () => {
    const { id, secret } = await create({ company_ids: [north] });
    await admin.patch(`${path}/${id}`, { name: "Desk", scopes: ["READ"] });
    const rotated = (await admin.post(`${path}/${id}/rotate`, undefined)).body.data;
    await admin.delete(`${path}/${id}`);
    const journal = await journalOf(id);
    const usual = ["READ", "WRITE", "DELETE"];
    const made = { name: "Till", scopes: usual, companyIds: [north], secretVersion: 1 };
    expect(journal.map(({ kind, version, before, after }) => [kind, version, before, after])).toEqual([
      ["created", 1, null, made],
      ["updated", 2, { name: "Till", scopes: usual }, { name: "Desk", scopes: ["READ"] }],
      ["updated", 3, { secretVersion: 1 }, { secretVersion: 2 }],
      ["deleted", 4, { name: "Desk", scopes: ["READ"], companyIds: [north], secretVersion: 2 }, null],
    ]);
    expect(journal.every((entry) => entry.subject === "app" && entry.app_id === admin.appId)).toBe(true);
    for (const plain of [secret, rotated.secret])
      expect(JSON.stringify(journal)).not.toContain(plain.slice(-43));

    const feed = "/v1/customer-changes";
    const feedPage = await admin.get(feed, { query: { subject: "app" } });
    expect(
      feedPage.body.data.changes.filter((change: { subjectId: string }) => change.subjectId === id),
    ).toHaveLength(4);
    const usualApp = await ofAdmin({});
    expect((await usualApp.get(feed, { query: { subject: "app" } })).body.errorCode).toBe("SCOPE_MISSING");
    expect((await usualApp.get(feed, { query: { subject: "webhook" } })).status).toBe(403);
    const subjects = (await usualApp.get(feed)).body.data.changes.map(
      (change: { subject: string }) => change.subject,
    );
    expect(subjects).not.toContain("app");
    expect((await usualApp.get(`${feed}/stream`)).text).not.toContain('"subject":"app"');
  });
});

describe("nobody grants more than they have", () => {
  test("neither scopes nor companies, to a new app, to another one or to themselves", async () => {
    const limited = await ofAdmin({ scopes: ["READ", "ADMIN"], companyIds: [north] });
    const small = (await limited.post(path, { name: "small", scopes: ["READ"] })).body.data;
    const tooMuch = { scopes: ["READ", "DELETE"], company_ids: null };
    for (const answer of [
      await limited.post(path, { name: "x", ...tooMuch }),
      await limited.patch(`${path}/${small.id}`, tooMuch),
      await limited.patch(`${path}/${limited.appId}`, tooMuch),
    ]) {
      expect(answer).toMatchObject({ status: 403, body: { errorCode: "GRANT_EXCEEDED" } });
      expect(Object.keys(answer.body.details.body)).toEqual(["scopes.1", "company_ids"]);
    }
    // A company outside of the grant looks like a missing one.
    for (const id of [south, "0123456789abcdef01234567"]) {
      const answer = await limited.post(path, { name: "x", scopes: ["READ"], company_ids: [north, id] });
      expect(answer).toMatchObject({ status: 400, body: { errorCode: "COMPANY_UNKNOWN" } });
      expect(answer.body.details.body).toEqual({ "company_ids.1": "there is no such branch" });
    }
  });

  test("nor changes an app with wider access", async () => {
    const limited = await ofAdmin({ scopes: ["ADMIN"] });
    const { id } = await create();
    for (const answer of [
      await limited.post(`${path}/${id}/rotate`, undefined),
      await limited.patch(`${path}/${id}`, { name: "mine" }),
      await limited.delete(`${path}/${id}`),
    ])
      expect(answer).toMatchObject({ status: 403, body: { errorCode: "GRANT_EXCEEDED" } });
    expect((await journalOf(id)).length).toBe(1);
  });

  test("and a caller limited to companies neither creates nor changes others", async () => {
    const limited = await ofAdmin({ scopes, companyIds: [north] });
    expect((await limited.post("/v1/companies", { name: "West" })).body.errorCode).toBe("GRANT_EXCEEDED");
    expect((await limited.patch(`/v1/companies/${south}`, { name: "x" })).body.errorCode).toBe(
      "COMPANY_NOT_FOUND",
    );
    expect((await limited.patch(`/v1/companies/${north}`, { name: "North 1" })).body.data.name).toBe(
      "North 1",
    );
  });
});

test("a company is created, updated and journaled, with a unique name and external id", async () => {
  const made = await admin.post("/v1/companies", { name: " East ", external_id: "E" });
  expect(made).toMatchObject({ status: 201, body: { data: { name: "East", externalId: "E" } } });
  const { id } = made.body.data;
  const one = `/v1/companies/${id}`;
  expect((await admin.patch(one, { name: "South" })).body.errorCode).toBe("NAME_TAKEN");
  const other = (await admin.post("/v1/companies", { name: "Far" })).body.data.id;
  expect((await admin.patch(`/v1/companies/${other}`, { external_id: "E" })).body.errorCode).toBe(
    "EXTERNAL_ID_TAKEN",
  );
  const changed = await admin.patch(one, { external_id: null });
  expect(changed.body.data.externalId).toBe("");
  expect((await admin.patch(one, { name: "East" })).headers["etag"]).toBe(changed.headers["etag"]);
  const stale = { headers: { "if-match": String(made.headers["etag"]) } };
  expect((await admin.patch(one, { name: "z" }, stale)).status).toBe(412);
  expect((await journalOf(id)).map(({ kind, before, after }) => [kind, before, after])).toEqual([
    ["created", null, { externalId: "E", name: "East" }],
    ["updated", { externalId: "E" }, { externalId: null }],
  ]);
  const usual = await ofAdmin({});
  const { changes } = (await usual.get("/v1/customer-changes", { query: { subject: "company" } })).body.data;
  expect(changes.map((change: { subjectId: string }) => change.subjectId)).toContain(id);
});

test("changes of webhooks are journaled without their secrets", async () => {
  const { id, secret } = (await admin.post("/v1/webhooks", { url: "https://hooks.example.com/" })).body.data;
  await admin.patch(`/v1/webhooks/${id}`, { is_paused: true });
  const rotated = (await admin.post(`/v1/webhooks/${id}/rotate-secret`, undefined)).body.data;
  await admin.delete(`/v1/webhooks/${id}`);
  const journal = await journalOf(id);
  expect(journal.map(({ kind, version, after }) => [kind, version, after && Object.keys(after)])).toEqual([
    ["created", 1, ["url", "kinds", "stopped", "companyIds", "description", "formerSecretUntil"]],
    ["updated", 2, ["stopped"]],
    ["updated", 3, ["formerSecretUntil"]],
    ["deleted", 4, null],
  ]);
  for (const plain of [secret, rotated.secret]) expect(JSON.stringify(journal)).not.toContain(plain);
});

test.each([
  ["an app", path, { name: "Again" }, "/rotate"],
  ["a webhook", "/v1/webhooks", { url: "https://hooks.example.com/" }, "/rotate-secret"],
])(
  "the secret of %s is repeated for its idempotency key, and stored nowhere in clear text",
  async (_what, at, body, rotate) => {
    const key = (name: string) => ({ headers: { "idempotency-key": `${at} ${name}` } });
    const first = await admin.post(at, body, key("made"));
    const { id } = first.body.data;
    const rotated = await admin.post(`${at}/${id}${rotate}`, undefined, key("rotated"));
    for (const [answer, again] of [
      [first, await admin.post(at, body, key("made"))],
      [rotated, await admin.post(`${at}/${id}${rotate}`, undefined, key("rotated"))],
    ] as const) {
      expect(again).toMatchObject({ status: answer.status, text: answer.text });
      expect(again.headers["idempotency-replayed"]).toBe("true");
    }
    const { rows } = await registry.database.admin.query(
      "select body, is_sealed from idempotency_keys where key like $1 || ' %'",
      [at],
    );
    expect(rows.map(({ is_sealed }) => is_sealed)).toEqual([true, true]);
    for (const { data } of [first.body, rotated.body]) {
      const stored = rows.map((row) => row.body + Buffer.from(row.body, "base64").toString()).join();
      expect(stored).not.toContain(data.secret.slice(-43));
    }
    // An answer without a secret is stored in plain text.
    await admin.post(
      "/v1/customer-tags",
      { name: `tag ${at}` },
      { headers: { "idempotency-key": `tag ${at}` } },
    );
    const plain = await registry.database.admin.query("select body from idempotency_keys where key = $1", [
      `tag ${at}`,
    ]);
    expect(JSON.parse(plain.rows[0].body).data.name).toBe(`tag ${at}`);
  },
);
