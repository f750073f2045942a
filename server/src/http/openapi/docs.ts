import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { FastifyInstance } from "fastify";
import { dataHeaders } from "../response/security-headers.ts";
import { openApiOf } from "./document.ts";

const stylesheet = fileURLToPath(import.meta.resolve("swagger-ui-dist/swagger-ui.css"));
const bundle = fileURLToPath(import.meta.resolve("swagger-ui-dist/swagger-ui-bundle.js"));

// All from this service: no other host is asked for a script, a font or a picture, or told that someone reads.
const pageHeaders = {
  ...dataHeaders,
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
};

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Clientele API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="reference"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

// Without the address of a validator, no document is sent to one.
const start = `SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
`;

/** The contract for programs at `/openapi.json`, and for people at `/docs`. */
export function mountDocs(app: FastifyInstance, version: string): void {
  const document = JSON.stringify(openApiOf(version));
  const send = (path: string, type: string, body: string | (() => Promise<Buffer>)) =>
    app.get(path, async (_request, reply) =>
      reply
        .headers(pageHeaders)
        .type(`${type}; charset=utf-8`)
        .send(typeof body === "string" ? body : await body()),
    );
  send("/openapi.json", "application/json", document);
  send("/docs", "text/html", page);
  send("/docs/start.js", "text/javascript", start);
  send("/docs/swagger-ui.css", "text/css", () => readFile(stylesheet));
  send("/docs/swagger-ui-bundle.js", "text/javascript", () => readFile(bundle));
  // Where there is no console, the reference is the first page.
  if (!app.hasRoute({ method: "GET", url: "/" })) {
    app.get("/", async (_request, reply) => reply.redirect("/docs"));
  }
}
