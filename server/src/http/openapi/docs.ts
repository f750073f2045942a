import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { FastifyInstance } from "fastify";
import { dataHeaders } from "../response/security-headers.ts";
import { openApiOf } from "./document.ts";

const stylesheet = fileURLToPath(import.meta.resolve("swagger-ui-dist/swagger-ui.css"));
const bundle = fileURLToPath(import.meta.resolve("swagger-ui-dist/swagger-ui-bundle.js"));

// Every script, font and image comes from this service, so no other host learns who reads the reference.
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

// `validatorUrl: null`: by default Swagger UI sends the document's address to an online validator.
const start = `SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
`;

/** Serves the OpenAPI document at `/openapi.json` and the reference at `/docs`. */
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
  // Without a console, `/` redirects to the reference.
  if (!app.hasRoute({ method: "GET", url: "/" })) {
    app.get("/", async (_request, reply) => reply.redirect("/docs"));
  }
}
