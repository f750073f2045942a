import type { Route } from "@clientele/contract/route";
import { type FileBody, type OutgoingFile, outgoingFile } from "./file-body.ts";

/** An HTTP request, the same on every try. */
export type OutgoingRequest = {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
  /** A file as the body, instead of `body`. */
  file?: OutgoingFile;
};

/** Builds the request: path parameters go into the path, `body` becomes the body, the rest becomes the query. */
export function requestOf(route: Route, baseUrl: string, input: Record<string, unknown>): OutgoingRequest {
  const { body, ...rest } = input;
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const segment = rest[name];
    delete rest[name];
    // "", "." and ".." would address another route; no record has such an id.
    if (typeof segment !== "string" || /^\.{0,2}$/.test(segment))
      throw new TypeError(`${route.operationId}: ${name} is ${JSON.stringify(segment)}`);
    return encodeURIComponent(segment);
  });
  const file = route.bodyFiles && isFileBody(body) ? body : null;
  const query = queryOf(file?.name === undefined ? rest : { file_name: file.name, ...rest });
  return {
    method: route.method,
    url: `${baseUrl.replace(/\/+$/, "")}${path}${query === "" ? "" : `?${query}`}`,
    ...(file
      ? { headers: headersOf(file), file: outgoingFile(file) }
      : body === undefined
        ? { headers: {} }
        : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  };
}

const isFileBody = (body: unknown): body is FileBody =>
  typeof body === "object" && body !== null && "file" in body && "type" in body;

const headersOf = ({ type, contentEncoding }: FileBody): Record<string, string> => ({
  "content-type": type,
  ...(contentEncoding === undefined ? {} : { "content-encoding": contentEncoding }),
});

/** Serialises arrays as `ids=a&ids=b` and objects as `filter[city]=Bonn`. */
function queryOf(values: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === null) continue;
    if (Array.isArray(value)) for (const item of value) query.append(name, String(item));
    else if (typeof value === "object")
      for (const [key, item] of Object.entries(value)) query.append(`${name}[${key}]`, String(item));
    else query.append(name, String(value));
  }
  return query.toString();
}

/** 128 random bits. Browsers lack `crypto.randomUUID` on pages not loaded over https. */
export const newIdempotencyKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
