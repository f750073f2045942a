import { beforeAll, describe, expect, test } from "vitest";
import { startApp } from "../../server/src/testing/start-app.ts";
import { type ClientOptions, createClient } from "./index.ts";

const registry = startApp();
let baseUrl: string;
beforeAll(async () => {
  baseUrl = await registry.app.listen({ port: 0, host: "127.0.0.1" });
});

type Sent = { path: string; headers: Headers };

/** A client of a new enterprise, with the requests it has sent. */
async function newClient(options: Partial<ClientOptions> = {}) {
  const { appId, appSecret } = await registry.client();
  const sent: Sent[] = [];
  const fetch: typeof globalThis.fetch = (url, init) => {
    sent.push({ path: new URL(String(url)).pathname, headers: new Headers(init?.headers) });
    return (options.fetch ?? globalThis.fetch)(url, init);
  };
  const client = createClient({ baseUrl, appId, appSecret, ...options, fetch });
  return { client, sent, paths: () => sent.map(({ path }) => path) };
}

const named = (firstName: string) => ({ customfields: [{ id: "firstName", value: firstName }] });

describe("a call", () => {
  test("is a method named by its operationId and returns the answer as on the wire", async () => {
    const { client } = await newClient();
    const created = await client.createCustomer({ body: { external_id: "K-1", ...named("Jürgen") } });
    expect(created.status).toBe(1);
    expect(created.data).toMatchObject({ externalId: "K-1", firstName: "Jürgen" });
    const fetched = await client.fetchCustomer({ customerId: "K-1", external: true });
    expect(fetched.data).toEqual(created.data);
    expect(await client.deleteCustomer({ customerId: created.data.id })).toMatchObject({
      data: { id: created.data.id },
    });
  });

  test("encodes ids in the path", async () => {
    const { client } = await newClient();
    for (const externalId of ["a/b", "50 %", "Größe?#", "..%2f"]) {
      const { data } = await client.createCustomer({ body: { external_id: externalId } });
      const found = await client.fetchCustomer({ customerId: externalId, external: true });
      expect(found.data.id).toBe(data.id);
    }
  });

  test("that only reads has no idempotency key, even as POST", async () => {
    const { client, sent } = await newClient();
    await client.createCustomer({ body: named("Ann") });
    const { body } = await client.exportSelection({
      body: { selection: { query: {} }, fields: ["firstName"], format: "ndjson" },
    });
    expect(await new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>).text()).toContain("Ann");
    const keys = sent.slice(1).map(({ headers }) => headers.has("idempotency-key"));
    expect(keys).toEqual([true, false]);
  });

  test.each(["", ".", ".."])("with the id %j, which would address another route, is not sent", async (id) => {
    const { client, sent } = await newClient();
    await expect(client.deleteCustomer({ customerId: id })).rejects.toThrow(TypeError);
    expect(sent).toEqual([]);
  });

  test("with `ifMatch` fails if the record has changed", async () => {
    const { client } = await newClient();
    const { data, headers } = await client.createCustomer({ body: named("Ann") });
    const ifMatch = headers.get("etag")!;
    const customerId = data.id;
    await client.updateCustomer({ customerId, body: named("Anna") }, { ifMatch });
    await expect(
      client.updateCustomer({ customerId, body: named("Anne") }, { ifMatch }),
    ).rejects.toMatchObject({ status: 412, code: "VERSION_MISMATCH" });
  });

  test("acts for the branch of the client or of the call", async () => {
    const foreign = "0123456789abcdef01234567";
    const everywhere = await newClient();
    const forBranch = await newClient({ companyId: foreign });
    const refused = { status: 403, code: "COMPANY_FORBIDDEN" };
    await expect(forBranch.client.createCustomer({ body: {} })).rejects.toMatchObject(refused);
    await expect(
      everywhere.client.createCustomer({ body: {} }, { companyId: foreign }),
    ).rejects.toMatchObject(refused);
    expect((await everywhere.client.createCustomer({ body: {} })).data.id).toHaveLength(24);
  });

  test("that is rejected throws every validation error", async () => {
    const { client } = await newClient();
    const call = client.createCustomer({
      body: {
        customfields: [
          { id: "birthday", value: "1999-02-30" },
          { id: "email", value: "nobody" },
        ],
      },
    });
    await expect(call).rejects.toMatchObject({
      name: "ClienteleError",
      status: 400,
      code: "FIELD_VALUE_INVALID",
      message:
        "A value is not valid for its custom field: customfields.0.value must be a date, YYYY-MM-DD; customfields.1.value is not an e-mail address",
      fieldErrors: [
        {
          in: "body",
          path: "customfields.0.value",
          code: "FIELD_VALUE_INVALID",
          key: "DATE_INVALID",
          params: {},
          message: "must be a date, YYYY-MM-DD",
        },
        {
          in: "body",
          path: "customfields.1.value",
          key: "EMAIL_INVALID",
          message: "is not an e-mail address",
        },
      ],
      requestId: expect.stringMatching(/^[0-9a-f]{24}$/),
    });
  });
});

describe("tokens", () => {
  test("are requested once by concurrent calls and reused", async () => {
    const { client, paths } = await newClient();
    await Promise.all(["a", "b", "c"].map((id) => client.createCustomer({ body: { external_id: id } })));
    await client.createCustomer({ body: {} });
    expect(paths().filter((path) => path.startsWith("/v1/auth"))).toEqual(["/v1/auth/token"]);
  });

  test("are refreshed when they expire", async () => {
    const { client, paths } = await newClient({ fetch: withTokens({ expires: 0 }) });
    await client.createCustomer({ body: {} });
    await client.createCustomer({ body: {} });
    expect(paths()).toEqual([
      "/v1/auth/token",
      "/v1/enterprise-customers",
      "/v1/auth/refreshtoken",
      "/v1/enterprise-customers",
    ]);
  });

  test("are requested again when the refresh token is invalid", async () => {
    const { client, paths } = await newClient({ fetch: withTokens({ expires: 0, refreshToken: "old" }) });
    await client.createCustomer({ body: {} });
    await client.createCustomer({ body: {} });
    expect(paths().slice(2)).toEqual(["/v1/auth/refreshtoken", "/v1/auth/token", "/v1/enterprise-customers"]);
  });

  test("that are rejected are replaced once, and the call keeps its idempotency key", async () => {
    let first = true;
    const { client, sent } = await newClient({
      fetch: async (url, init) => {
        const answer = await withTokens(first ? { accessToken: "stopped" } : {})(url, init);
        first = false;
        return answer;
      },
    });
    await client.createCustomer({ body: {} });
    const [, refused, renewal, repeated, ...others] = sent;
    expect(renewal?.path).toBe("/v1/auth/token");
    expect(refused?.headers.get("authorization")).toBe("Bearer stopped");
    expect(repeated?.headers.get("idempotency-key")).toBe(refused?.headers.get("idempotency-key"));
    expect(others).toEqual([]);
  });

  test("that are rejected twice end the call", async () => {
    const { client, paths } = await newClient({ fetch: withTokens({ accessToken: "stopped" }) });
    await expect(client.createCustomer({ body: {} })).rejects.toMatchObject({ status: 401 });
    expect(paths()).toHaveLength(4);
  });

  test("are not issued for a wrong secret", async () => {
    const { client } = await newClient({ appSecret: "wrong" });
    await expect(client.createCustomer({ body: {} })).rejects.toMatchObject({
      status: 401,
      code: "CREDENTIALS_INVALID",
      message: "The app id and secret do not match.",
    });
  });
});

/** The real service with modified tokens in its answers. */
const withTokens =
  (altered: Record<string, unknown>): typeof globalThis.fetch =>
  async (url, init) => {
    const answer = await fetch(url, init);
    if (!String(url).includes("/v1/auth/") || !answer.ok) return answer;
    return Response.json({ ...((await answer.json()) as object), ...altered });
  };

describe("each", () => {
  test("reads a list by cursor", async () => {
    const { client, sent } = await newClient();
    const names = ["Ada", "Bo", "Cy", "Di", "Ed"];
    await client.importCustomers({ body: { customers: names.map(named) } });
    sent.length = 0;
    const seen: unknown[] = [];
    for await (const { firstName } of client.each("listCustomers", { limit: 2, sort: "firstName" }))
      seen.push(firstName);
    expect(seen).toEqual(names);
    expect(sent).toHaveLength(3);
  });

  test("reads a list without a cursor by page number", async () => {
    const { client, sent } = await newClient();
    const all = (await client.listCustomFields()).data.map(({ defaultId }) => defaultId);
    sent.length = 0;
    const seen: string[] = [];
    for await (const { defaultId } of client.each("listCustomFields", { limit: 5 })) seen.push(defaultId);
    expect(seen).toEqual(all);
    expect(sent).toHaveLength(Math.ceil(all.length / 5));
  });
});
