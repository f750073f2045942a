import { Type } from "typebox";
import { closed } from "./formats.ts";
import { route } from "./route.ts";

const Tokens = Type.Object(
  {
    accessToken: Type.String({ description: "A JWT for `Authorization: Bearer …`." }),
    refreshToken: Type.String({
      description: "Can be exchanged repeatedly for 30 days, see `POST /v1/auth/refreshtoken`.",
    }),
    expires: Type.Integer({ description: "Seconds until the access token expires." }),
  },
  { title: "Tokens" },
);

const Credentials = Type.Object({ appid: Type.String(), appsecret: Type.String() }, closed);

export const createToken = route({
  operationId: "createToken",
  method: "POST",
  path: "/v1/auth/token",
  group: "Authentication",
  summary: "Get an access token",
  scope: null,
  body: Credentials,
  status: 200,
  shape: "bare",
  answer: Tokens,
  errors: ["REQUEST_INVALID", "CREDENTIALS_INVALID", "RATE_LIMITED"],
});

export const createTokenByQuery = route({
  operationId: "createTokenByQuery",
  method: "GET",
  path: "/v1/auth/token",
  group: "Authentication",
  summary: "Get an access token with credentials in the query",
  description: "For existing programs only. Secrets in URLs end up in logs: prefer POST.",
  scope: null,
  query: Type.Object({ appid: Type.String(), appsecret: Type.String() }),
  status: 200,
  shape: "bare",
  answer: Tokens,
  errors: ["REQUEST_INVALID", "CREDENTIALS_INVALID", "RATE_LIMITED"],
});

export const refreshToken = route({
  operationId: "refreshToken",
  method: "POST",
  path: "/v1/auth/refreshtoken",
  aliases: ["/v1/auth/refresh-token"],
  group: "Authentication",
  summary: "Exchange a refresh token",
  scope: null,
  body: Type.Object(
    {
      refreshtoken: Type.Optional(Type.String()),
      refreshToken: Type.Optional(
        Type.String({ description: "Alias of `refreshtoken`; one of the two is required." }),
      ),
    },
    closed,
  ),
  status: 200,
  shape: "bare",
  answer: Tokens,
  errors: ["REQUEST_INVALID", "TOKEN_INVALID", "TOKEN_EXPIRED", "RATE_LIMITED"],
});
