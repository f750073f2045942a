import { createClient } from "@clientele/sdk";
import { clientOptions } from "../../session/client.ts";
import { type Mapping, mappingParameter } from "../columns/mapping.ts";
import type { ImportOptions } from "../options/import-options.ts";
import { queryOf } from "../options/import-options.ts";

/** A file, and what is to be done with it. */
export type PlanRequest = { file: File; options: ImportOptions; mapping: Mapping | null };

type UploadOptions = { onProgress: (share: number) => void; signal: AbortSignal };

// What the file is shows in its name and its bytes; browsers call it what the programs of the machine make of it.
const type = "application/octet-stream";

/** Asks what an import of the file would do. Answers the id of the dry run, in which the file is still in reach. */
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
      // What the same file would have done yesterday is no answer.
      again: true,
      body: { file, type, name: file.name },
    },
    { signal },
  );
  files.set(data.id, file);
  return data.id;
}

// Kept as long as the page is loaded, so that a plan can be made anew without asking for the file again.
const files = new Map<string, File>();
export const fileOf = (importId: string): File | null => files.get(importId) ?? null;

/** A `fetch` that tells how much of a file has left: only XMLHttpRequest knows that in a browser. */
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
  // A response that is made has no address, and the client tells it when it cannot read the answer.
  return Object.defineProperty(response, "url", { value: request.responseURL });
}
