import { routes } from "@clientele/contract";
import { ErrorBody, list, single } from "@clientele/contract/envelopes";
import { type ErrorCode, type ErrorStatus, statusOf, textOf } from "@clientele/contract/errors";
import { errorsOf } from "@clientele/contract/errors-of";
import examples from "@clientele/contract/examples.json" with { type: "json" };
import { isWrite, type Route } from "@clientele/contract/route";
import type { TSchema } from "typebox";
import { required } from "../../validation/required.ts";
import { groups, headers, introduction, requestHeaders } from "./texts.ts";

type Json = Record<string, unknown>;
export type OpenApi = { openapi: "3.1.0"; paths: Record<string, Json>; components: Json } & Json;
type Example = { request?: unknown; response: unknown };

/** The contract as OpenAPI 3.1. */
export function openApiOf(version: string): OpenApi {
  const schemas: Record<string, Json> = {};
  const paths: Record<string, Json> = {};
  for (const route of Object.values<Route>(routes)) {
    paths[route.path] ??= {};
    required(paths[route.path], "the route's path item")[route.method.toLowerCase()] = operationOf(
      route,
      schemas,
    );
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Clientele",
      version,
      summary: "A self-hosted registry of enterprise customers.",
      description: introduction,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/", description: "This installation." }],
    security: [{ accessToken: [] }],
    tags: Object.entries(groups).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas,
      parameters: requestHeaders,
      headers,
      securitySchemes: {
        accessToken: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "The access token of `POST /v1/auth/token`. The prefix `Bearer` is optional.",
        },
      },
    },
  };
}

function operationOf(route: Route, schemas: Record<string, Json>): Json {
  const { operationId, group, summary, scope, personScope, extension, body } = route;
  const example = (examples as Record<string, Example>)[operationId];
  const also = route.aliases?.map((path) => `Also at \`${path}\`.`) ?? [];
  const forPeople = personScope === undefined ? "" : ` (for people ${personScope})`;
  const requires = scope === null ? [] : [`Requires the scope ${scope}${forPeople}.`];
  return {
    operationId,
    tags: [group],
    summary,
    description: [route.description, ...also, ...requires].filter(Boolean).join(" "),
    ...(extension ? { "x-extension": true } : {}),
    ...(scope === null ? { security: [] } : {}),
    parameters: parametersOf(route, schemas),
    ...(body
      ? {
          requestBody: {
            required: true,
            content: {
              ...jsonOf(hoisted(body, schemas), example?.request),
              ...filesOf(route.bodyFiles),
            },
          },
        }
      : {}),
    responses: {
      [route.status]: {
        description: { 200: "Done.", 201: "Created.", 202: "Accepted." }[route.status],
        headers: headersOf(route),
        content: route.fileTypes
          ? filesOf(route.fileTypes, example?.response)
          : jsonOf(hoisted(envelopeOf(route), schemas), example?.response),
      },
      ...(route.accepted
        ? {
            202: {
              description: "Accepted: the job continues after the answer.",
              headers: refs("headers", ["x-request-id", "location", "idempotency-replayed"]),
              content: jsonOf(hoisted(single(route.accepted), schemas), undefined),
            },
          }
        : {}),
      ...(isTaggedRead(route)
        ? {
            304: {
              description: "The caller's copy is current.",
              headers: refs("headers", ["x-request-id", "etag"]),
            },
          }
        : {}),
      ...errorResponsesOf(route, schemas),
    },
  };
}

const jsonOf = (schema: unknown, example: unknown): Json => ({
  "application/json": { schema, ...(example === undefined ? {} : { example }) },
});

/** @param example Content of a file of the first type. */
const filesOf = (types: readonly string[] = [], example?: unknown): Json =>
  Object.fromEntries(
    types.map((type, index) => [
      type,
      { schema: { type: "string" }, ...(index === 0 && example !== undefined ? { example } : {}) },
    ]),
  );

const bare = (data: TSchema): TSchema => data;
const envelopeOf = ({ shape, answer }: Route): TSchema => ({ list, single, bare, file: bare })[shape](answer);

const refs = (kind: "headers" | "parameters", names: readonly string[]): Json =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/${kind}/${name}` }]));

const isTaggedRead = ({ method, shape, params }: Route): boolean =>
  method === "GET" && shape === "single" && params !== undefined;
const takesVersion = ({ method, errors }: Route): boolean =>
  method === "PATCH" || method === "DELETE" || errors.includes("VERSION_MISMATCH");

function headersOf(route: Route): Json {
  const hasTag = route.shape === "single" && route.params !== undefined && route.method !== "DELETE";
  return refs("headers", [
    "x-request-id",
    ...(route.scope === null ? [] : ["ratelimit", "ratelimit-policy"]),
    ...(hasTag ? ["etag"] : []),
    ...(route.status === 202 ? ["location"] : []),
    ...(isWrite(route) ? ["idempotency-replayed"] : []),
  ]);
}

type Parameter = TSchema & { description?: string; "x-deep-object"?: true; type?: string };

function parametersOf(route: Route, schemas: Record<string, Json>): unknown[] {
  const parametersIn = (place: "path" | "query", schema: Route["query"]) =>
    Object.entries<Parameter>(schema?.properties ?? {}).map(([name, property]) => {
      const { description, ...rest } = hoisted(property, schemas) as Json & { description?: string };
      return {
        name,
        in: place,
        required: place === "path" || (schema?.required as string[] | undefined)?.includes(name) === true,
        ...(description ? { description } : {}),
        ...(description?.startsWith("Extension") ? { "x-extension": true } : {}),
        ...(property.type === "array" ? { style: "form", explode: true } : {}),
        ...(property["x-deep-object"] ? { style: "deepObject", explode: true } : {}),
        schema: rest,
      };
    });
  const names = [
    "x-request-id",
    ...(route.scope === null ? [] : ["company-id"]),
    ...(isWrite(route) ? ["idempotency-key"] : []),
    ...(takesVersion(route) ? ["if-match"] : []),
    ...(isTaggedRead(route) ? ["if-none-match"] : []),
  ];
  return [
    ...parametersIn("path", route.params),
    ...parametersIn("query", route.query),
    ...Object.values(refs("parameters", names)),
  ];
}

/** One response per error status, with its error codes. */
function errorResponsesOf(route: Route, schemas: Record<string, Json>): Json {
  const error = hoisted(ErrorBody, schemas);
  const byStatus = Map.groupBy(errorsOf(route), statusOf) as Map<ErrorStatus, ErrorCode[]>;
  const responses = [...byStatus].map(([status, codes]) => [
    status,
    {
      description: codes.map((code) => `- \`${code}\`: ${textOf(code)}`).join("\n"),
      headers: refs("headers", [
        "x-request-id",
        ...(status === 401 ? ["www-authenticate"] : []),
        ...(status === 429 || status === 503 ? ["retry-after"] : []),
        ...(status === 429 ? ["ratelimit", "ratelimit-policy"] : []),
      ]),
      content: jsonOf(
        { allOf: [error, { type: "object", properties: { errorCode: { type: "string", enum: codes } } }] },
        undefined,
      ),
    },
  ]);
  return Object.fromEntries(responses);
}

/** Moves every schema with a title to `schemas` and returns the schema with references to them. */
function hoisted(schema: unknown, schemas: Record<string, Json>): unknown {
  if (Array.isArray(schema)) return schema.map((item) => hoisted(item, schemas));
  if (typeof schema !== "object" || schema === null) return schema;
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, hoisted(value, schemas)]),
  );
  const { title } = inner;
  if (typeof title !== "string") return inner;
  schemas[title] ??= inner;
  return { $ref: `#/components/schemas/${title}` };
}
