import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import serveStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { dataHeaders } from "./response/security-headers.ts";

/** The built console: one page and its assets. */
export type Console = { folder: string; page: string };

export const readConsole = async (folder: string): Promise<Console> => ({
  folder,
  page: await readFile(join(folder, "index.html"), "utf8"),
});

/** Asset names contain a hash of the content: browsers cache them for good. */
export function mountConsole(app: FastifyInstance, { folder, page }: Console): void {
  app.register(serveStatic, {
    root: join(folder, "assets"),
    prefix: "/assets/",
    preCompressed: true,
    immutable: true,
    maxAge: "1y",
    // Serves files only: no directory listings, no index.
    index: false,
    cacheControl: true,
    setHeaders: (reply) => {
      reply.removeHeader("content-security-policy");
    },
  });
  app.get("/icon.svg", async (_request, reply) =>
    reply.type("image/svg+xml").send(await readFile(join(folder, "icon.svg"))),
  );
  app.get("/", async (_request, reply) => sendPage(reply, page));
}

/** A browser's navigation to a path that only the console's router knows. */
export const opensConsole = ({ method, headers, url }: FastifyRequest): boolean =>
  method === "GET" &&
  /\btext\/html\b/.test(headers.accept ?? "") &&
  !/^\/(v1|auth|assets|docs)(\/|\?|$)/.test(url);

/**
 * The page, with a new nonce for the style sheets that its UI library inserts. The policy allows scripts and
 * connections of this origin only.
 */
export function sendPage(reply: FastifyReply, page: string): FastifyReply {
  const nonce = randomBytes(16).toString("base64url");
  return reply
    .headers({
      ...dataHeaders,
      "content-security-policy": [
        "default-src 'none'",
        "script-src 'self'",
        `style-src 'self' 'nonce-${nonce}'`,
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
      ].join("; "),
    })
    .type("text/html; charset=utf-8")
    .send(page.replaceAll("%NONCE%", nonce));
}
