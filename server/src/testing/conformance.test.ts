import { type OperationId, routes } from "@clientele/contract";
import { ErrorBody, list, single } from "@clientele/contract/envelopes";
import { type ErrorCode, nameOf, statusOf } from "@clientele/contract/errors";
import { errorsOf } from "@clientele/contract/errors-of";
import { isWrite, type Route, type Scope, scopes } from "@clientele/contract/route";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import type { TSchema } from "typebox";
import { beforeAll, describe, expect, test } from "vitest";
import { createCompany } from "../companies/provision.ts";
import { addPerson } from "./people.ts";
import { sampleOf } from "./sample.ts";
import { type Answer, type Client, startApp } from "./start-app.ts";

/** All tests are generated from the contract: a new route is tested without a new line. */
const app = startApp();
const all = Object.entries(routes) as [OperationId, Route][];
const withToken = all.filter(([, route]) => route.scope !== null);
const withBody = all.filter(([, route]) => route.body !== undefined);
/** The route stores its body as a file without reading it. */
const storesBody = ({ bodyFiles, bodyJsonBytesMax }: Route): boolean =>
  bodyFiles !== undefined && bodyJsonBytesMax === undefined;
const withReadBody = withBody.filter(([, route]) => !storesBody(route));
const withParams = all.filter(([, route]) => route.params !== undefined);
const missingId = "0123456789abcdef01234567";

let owner: Client;
let stranger: Client;
let foreignCompanyId: string;
beforeAll(async () => {
  owner = await app.client({ scopes });
  stranger = await app.client({ scopes });
  const now = new Date();
  foreignCompanyId = await createCompany(
    app.database.operator,
    stranger.enterpriseId,
    { name: "Elsewhere" },
    now,
  );
  await createCompany(app.database.operator, owner.enterpriseId, { name: "Here" }, now);
});

type Sent = { address: string; query?: Record<string, string>; body?: unknown };

/** Values of attributes that the schema alone does not determine. */
async function knownTo(client: Client, { operationId }: Route): Promise<Record<string, unknown>> {
  const credentials = { appid: client.appId, appsecret: client.appSecret };
  const bulk = { selection: { ids: [] }, change: { add_tag_ids: [] } };
  if (operationId !== "refreshToken") return { ...credentials, ...bulk };
  const { body } = await app.call("POST", "/v1/auth/token", { body: credentials });
  return { ...credentials, ...bulk, refreshtoken: body.refreshToken };
}

/** A request that the route accepts, on an object that exists. */
async function requestOf(route: Route, client: Client): Promise<Sent> {
  const known = await knownTo(client, route);
  const query = route.query ? (sampleOf(route.query, known) as Record<string, string>) : {};
  return {
    address: await addressOf(route, client),
    ...(Object.keys(query).length > 0 ? { query } : {}),
    ...(route.body ? { body: sampleOf(route.body, known) } : {}),
  };
}

function once<Key, Value>(values: Map<Key, Value>, key: Key, create: () => Value): Value {
  if (!values.has(key)) values.set(key, create());
  return values.get(key)!;
}

/** One request for all refusals of a route: a refused request leaves its object unchanged. */
const refusedRequests = new Map<Route, Promise<Sent>>();
const refusedRequestOf = (route: Route): Promise<Sent> =>
  once(refusedRequests, route, () => requestOf(route, owner));

/** Reads share the object of a collection; each write gets an object of its own. */
const sharedAddresses = new Map<string, Promise<string>>();
async function addressOf(route: Route, client: Client): Promise<string> {
  const [collection, parameter, after] = route.path.split(/\/\{(\w+)\}/) as [string, string?, string?];
  if (parameter === undefined) return route.path;
  if (route.path.includes("{deliveryId}")) return addressOfDelivery(route.path, client);
  const create = () => createObject(route, collection, parameter, client);
  const address = isWrite(route)
    ? await create()
    : await once(sharedAddresses, `${client.enterpriseId} ${collection}`, create);
  return `${address}${after}`;
}

/** Creates `/things/{thingId}` with a POST to `/things`. */
async function createObject(
  { operationId }: Route,
  collection: string,
  parameter: string,
  client: Client,
): Promise<string> {
  if (parameter === "personId") {
    const { personId } = await addPerson(app.database, { enterpriseId: client.enterpriseId, role: "viewer" });
    return `${collection}/${personId}`;
  }
  if (parameter === "invitationId") {
    const created = await client.post(routes.invitePerson.path, sampleOf(routes.invitePerson.body));
    return `${collection}/${created.body.data.id}`;
  }
  if (parameter === "importId") return `${collection}/${await importFor(operationId, client)}`;
  const creation = all.find(([, route]) => route.method === "POST" && route.path === collection)?.[1];
  if (!creation?.body) throw new Error(`No operation creates {${parameter}} of ${collection}.`);
  const created = await client.post(collection, sampleOf(creation.body));
  expect(created.status, created.text).toBe(201);
  return `${collection}/${created.body.data.id}`;
}

/** A test of the webhook creates a delivery. */
async function addressOfDelivery(path: string, client: Client): Promise<string> {
  const webhook = await addressOf(routes.fetchWebhook, client);
  const created = await client.post(`${webhook}/test`, undefined);
  return `${webhook}${path.slice(routes.fetchWebhook.path.length)}`.replace(
    "{deliveryId}",
    created.body.data.id,
  );
}

/** An import in the state that the operation requires: active for cancelling, finished for all others. */
async function importFor(operationId: string, client: Client): Promise<string> {
  const rows = { customers: [], dry_run: operationId === "applyImport" };
  const created = await client.post(routes.createImport.path, rows, { query: { again: "1" } });
  expect(created.status, created.text).toBe(202);
  if (operationId !== "cancelImport") await app.work();
  return created.body.data.id;
}

/** An app has no name of its own to change. */
const callerOf = async ({ operationId }: Route): Promise<Pick<Client, "request">> =>
  operationId === "updateMe" ? app.person() : owner;

const send = (
  client: Pick<Client, "request">,
  route: Route,
  { address, ...sent }: Sent,
  headers: Record<string, string> = {},
) => client.request(route.method, address, { ...sent, headers });

/** Objects have exactly the attributes of their schema. */
function exact(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(exact);
  if (typeof schema !== "object" || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, exact(value)]));
  return inner["properties"] ? { additionalProperties: false, ...inner } : inner;
}

const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false });
const validators = new Map<string, ValidateFunction>();

const bare = (data: TSchema) => data;
const envelopes = { list, single, bare, file: bare };

function expectFits(answer: Answer, route: Route): void {
  if (route.shape === "file") {
    expect(route.fileTypes).toContain(String(answer.headers["content-type"]).split(";")[0]);
    return;
  }
  const isAccepted = answer.status !== route.status;
  const name = `${route.operationId} ${answer.status}`;
  let validate = validators.get(name);
  if (!validate) {
    validate = ajv.compile(
      exact(envelopes[route.shape](isAccepted ? route.accepted! : route.answer)) as object,
    );
    validators.set(name, validate);
  }
  expect(validate(answer.body), `${ajv.errorsText(validate.errors)}: ${answer.text}`).toBe(true);
}

const fitsError = ajv.compile(exact(ErrorBody) as object);

/** A response has the route's status and schema, or is an error that the route declares. */
function expectDeclared(answer: Answer, route: Route): void {
  if (answer.status < 300) {
    expect([route.status, ...(route.accepted ? [202] : [])]).toContain(answer.status);
    expectFits(answer, route);
    return;
  }
  const { errorCode, name } = answer.body as { errorCode: ErrorCode; name: string };
  expect(fitsError(answer.body), answer.text).toBe(true);
  expect(errorsOf(route), answer.text).toContain(errorCode);
  expect([answer.status, name]).toEqual([statusOf(errorCode), nameOf(errorCode)]);
  expect(answer.status, answer.text).toBeLessThan(500);
  expect(answer.headers["x-request-id"]).toBeTypeOf("string");
}

describe("every operation", () => {
  test.each(all)("%s answers according to its schema", async (_id, route) => {
    const answer = await send(await callerOf(route), route, await requestOf(route, owner));
    expect(answer.status, answer.text).toBe(route.status);
    expectFits(answer, route);
    if (answer.status === 202)
      expect(answer.headers["location"]).toBe(`/v1/customer-imports/${answer.body.data.id}`);
    if (route.scope !== null) expect(answer.headers).toHaveProperty("ratelimit");
  });

  test.each(withToken)("%s needs a token", async (_id, route) => {
    const { address, ...sent } = await refusedRequestOf(route);
    const answer = await app.call(route.method, address, sent);
    expect(answer).toMatchObject({ status: 401, body: { errorCode: "TOKEN_MISSING" } });
    expect(answer.headers["www-authenticate"]).toBe('Bearer realm="clientele"');
  });

  const clientsWithout = new Map<Scope, Promise<Client>>();
  const clientWithout = (scope: Scope): Promise<Client> =>
    app.client({ enterpriseId: owner.enterpriseId, scopes: scopes.filter((other) => other !== scope) });

  test.each(withToken)("%s needs its scope", async (_id, route) => {
    const limited = await once(clientsWithout, route.scope!, () => clientWithout(route.scope!));
    const answer = await send(limited, route, await refusedRequestOf(route));
    expect(answer).toMatchObject({ status: 403, body: { errorCode: "SCOPE_MISSING" } });
  });

  test.each(withToken)("%s acts for no company outside the grant", async (_id, route) => {
    const request = await refusedRequestOf(route);
    const answers: Answer[] = [];
    for (const companyId of [foreignCompanyId, missingId, "x"]) {
      answers.push(await send(owner, route, request, { "company-id": companyId }));
    }
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 403, body: { errorCode: "COMPANY_FORBIDDEN" } });
  });

  test.each(withParams)("%s treats objects of other enterprises as nonexistent", async (_id, route) => {
    const request = await refusedRequestOf(route);
    const foreign = await send(stranger, route, request);
    const missing = await send(stranger, route, {
      ...request,
      address: request.address.replace(/[0-9a-f]{24}/, missingId),
    });
    expect(foreign.status).toBe(404);
    expect(foreign.text).toBe(missing.text);
    const { "x-request-id": _one, ratelimit: _two, ...foreignHeaders } = foreign.headers;
    const { "x-request-id": _three, ratelimit: _four, ...missingHeaders } = missing.headers;
    expect({ ...foreignHeaders, date: "" }).toEqual({ ...missingHeaders, date: "" });
    expectDeclared(foreign, route);
  });

  test.each(withReadBody)("%s refuses an undeclared attribute and names it", async (_id, route) => {
    const request = await refusedRequestOf(route);
    const body = { ...(request.body as object), undeclared_attribute: 1 };
    const answer = await send(owner, route, { ...request, body });
    expect(answer).toMatchObject({ status: 400, body: { errorCode: "ATTRIBUTE_UNKNOWN" } });
    expect(answer.body.details).toEqual({ body: { undeclared_attribute: "is not a known attribute" } });
  });

  test.each(withBody)("%s reads JSON only", async (_id, route) => {
    const { address } = await refusedRequestOf(route);
    const answer = await owner.request(route.method, address, {
      body: "a=1",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    expect(answer).toMatchObject({ status: 415, body: { errorCode: "MEDIA_TYPE_UNSUPPORTED" } });
    if (!storesBody(route))
      expect((await owner.request(route.method, address, { body: "{" })).body.errorCode).toBe("JSON_INVALID");
    expect((await owner.request(route.method, address)).status).toBe(400);
  });

  test.each(all)("%s refuses other methods on its path", async (_id, route) => {
    const taken = new Set(
      all.filter(([, other]) => other.path === route.path).map(([, { method }]) => method),
    );
    const allow = [...taken, ...(taken.has("GET") ? ["HEAD"] : []), "OPTIONS"].sort().join(", ");
    const address = route.path.replaceAll(/\{\w+\}/g, missingId);
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"].filter(
      (method) => !taken.has(method as "GET"),
    )) {
      const answer = await owner.request(method, address);
      expect(answer, method).toMatchObject({ status: 405, body: { errorCode: "METHOD_NOT_ALLOWED" } });
      expect(answer.headers["allow"]).toBe(allow);
    }
  });

  test.each(all)("%s accepts a trailing slash and unknown query parameters", async (_id, route) => {
    const { address, query, ...sent } = await requestOf(route, owner);
    const answer = await send(await callerOf(route), route, {
      ...sent,
      address: `${address}/`,
      query: { ...query, unknown: "1" },
    });
    expect(answer.status, answer.text).toBe(route.status);
  });

  const oddValues = [
    null,
    0,
    -1,
    1.5,
    1e15,
    true,
    "",
    " ",
    "\n",
    "x".repeat(1_000),
    "😀",
    "-",
    [],
    [[]],
    [{}],
    {},
    { a: 1 },
  ];

  /** Sends each variant of a request that the route accepts, on an object that no earlier variant has changed. */
  async function expectEachDeclared(
    route: Route,
    client: Client,
    variants: ((request: Sent) => Sent)[],
  ): Promise<void> {
    let request = await requestOf(route, client);
    for (const variant of variants) {
      const answer = await send(client, route, variant(request));
      expectDeclared(answer, route);
      if (answer.status < 300 && route.method !== "GET") request = await requestOf(route, client);
    }
  }

  test.each(withBody)("%s answers odd values with a declared response", async (_id, route) => {
    const attributes = Object.keys(objectOf(route.body!)?.properties ?? {});
    await expectEachDeclared(route, await app.client({ scopes }), [
      ...attributes.flatMap((name) =>
        oddValues.map((value) => (request: Sent) => ({
          ...request,
          body: { ...(request.body as object), [name]: value },
        })),
      ),
      ...oddValues
        .filter((value) => value !== null)
        .map((value) => (request: Sent) => ({ ...request, body: JSON.stringify(value) })),
    ]);
  });

  const oddTexts = [
    "",
    "0",
    "-1",
    "1e3",
    "99999999999999999999",
    "x",
    "a,b",
    "'",
    "\\",
    "%",
    "😀",
    "x".repeat(3_000),
  ];

  test.each(all.filter(([, route]) => route.query))(
    "%s answers odd queries with a declared response",
    async (_id, route) => {
      const parameters = Object.keys(route.query!.properties);
      await expectEachDeclared(
        route,
        await app.client({ scopes }),
        parameters.flatMap((name) =>
          oddTexts.map((text) => (request: Sent) => ({
            ...request,
            query: { ...request.query, [name]: text },
          })),
        ),
      );
    },
  );

  test.each(withParams)("%s answers odd addresses with a declared response", async (_id, route) => {
    const client = await app.client({ scopes });
    const request = await requestOf(route, client);
    for (const text of oddTexts.filter((text) => text !== "")) {
      const address = request.address.replace(/[0-9a-f]{24}/, encodeURIComponent(text));
      const answer = await send(client, route, { ...request, address });
      expectDeclared(answer, route);
      expect(answer.status).toBe(404);
    }
  });
});

type ObjectSchema = { properties?: Record<string, unknown>; anyOf?: ObjectSchema[] };
const objectOf = (schema: ObjectSchema): ObjectSchema | undefined =>
  schema.properties ? schema : schema.anyOf?.find(({ properties }) => properties);

/** The position in the change feed moves with each transaction of the cluster, including those of other databases. */
const withoutPlace = (text: string): string => text.replaceAll(/(?<="nextCursor":"|^id: )[\w-]+/gm, "");

test("repeated reads return the same answer: reads change nothing", async () => {
  const before = await app.database.admin.query("select count(*) from changes");
  for (const [, route] of withToken.filter(([, route]) => !isWrite(route))) {
    const request = await requestOf({ ...route, path: route.path.replaceAll(/\{\w+\}/g, missingId) }, owner);
    const [first, second] = [await send(owner, route, request), await send(owner, route, request)];
    expect(withoutPlace(first.text), route.operationId).toBe(withoutPlace(second.text));
  }
  const after = await app.database.admin.query("select count(*) from changes");
  expect(after.rows).toEqual(before.rows);
});
