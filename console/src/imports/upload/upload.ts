import { createClient } from "@clientele/sdk";
import { clientOptions } from "../../session/client.ts";
import { type Mapping, mappingParameter } from "../columns/mapping.ts";
import type { ImportOptions } from "../options/import-options.ts";
import { queryOf } from "../options/import-options.ts";

export type PlanRequest = { file: File; options: ImportOptions; mapping: Mapping | null };

type UploadOptions = { onProgress: (share: number) => void; signal: AbortSignal };

// The server detects the format from name and bytes; browsers report a type that depends on the machine.
const type = "application/octet-stream";

/** Starts a dry run for the file and returns its id; the file stays available in memory. */
export async function uploadForPlan(
  { file, options, mapping }: PlanRequest,
  { onProgress, signal }: UploadOptions,
): Promise<string> {
  const client = createClient({ ...clientOptions, fetch: fetchWithProgress(onProgress) });
  const { data } = await client.createImport(
    {
      ...queryOf(options),
      ...(mapping && { mapping: mappingParameter(mapping) }),
      dry_run: true,
      // Forces a new preview: an earlier one for the same file is outdated.
      again: true,
      body: { file, type, name: file.name },
    },
    { signal },
  );
  files.set(data.id, file);
  return data.id;
}

// Stored until the page reloads, so that a new preview does not ask for the file again.
const files = new Map<string, File>();
export const fileOf = (importId: string): File | null => files.get(importId) ?? null;

/** A `fetch` that reports upload progress, which only XMLHttpRequest supports in browsers. */
const fetchWithProgress =
  (onProgress: (share: number) => void): typeof fetch =>
  (url, { method = "GET", headers, body, signal } = {}) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(method, String(url));
      new Headers(headers).forEach((value, name) => {
        request.setRequestHeader(name, value);
      });
      request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total);
      request.onload = () => resolve(responseOf(request));
      request.onerror = () => reject(new TypeError("The request failed."));
      request.onabort = () => reject(signal?.reason);
      signal?.addEventListener("abort", () => request.abort(), { once: true });
      request.send((body ?? null) as Blob | null);
    });

function responseOf(request: XMLHttpRequest): Response {
  const headers = request
    .getAllResponseHeaders()
    .trim()
    .split("\r\n")
    .filter((line) => line !== "")
    .map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    });
  const response = new Response(request.responseText, { status: request.status, headers });
  // A constructed Response has no URL, which the client includes in its errors.
  return Object.defineProperty(response, "url", { value: request.responseURL });
}
