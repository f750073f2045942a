import type { Fault, FaultPlace } from "@clientele/contract/errors";

/**
 * What is wrong with the text of an address before anyone asks what it means. Routers keep a percent-encoding that
 * they cannot decode as it stands, and a search for it would find nothing and say nothing.
 */
export function addressFaults(url: string, params: unknown): Fault[] {
  const faults: Fault[] = [];
  for (const [name, value] of Object.entries(params ?? {})) {
    const message = troubleOf(String(value));
    if (message) faults.push(faultAt("params", name, message));
  }
  const mark = url.indexOf("?");
  if (mark >= 0) faults.push(...queryFaults(url.slice(mark + 1)));
  return faults;
}

const faultAt = (place: FaultPlace, path: string, message: string): Fault => ({
  in: place,
  path,
  code: "REQUEST_INVALID",
  message,
});

function queryFaults(query: string): Fault[] {
  if (!query.includes("%")) return [];
  const faults = new Map<string, Fault>();
  for (const pair of query.split("&")) {
    const text = decoded(pair.replaceAll("+", " "));
    const message = text === undefined ? "must be percent-encoded UTF-8" : troubleOf(text);
    const name = pair.split("=", 1)[0]!;
    const path = decoded(name) ?? name;
    if (message && !faults.has(path)) faults.set(path, faultAt("query", path, message));
  }
  return [...faults.values()];
}

/** Surrogates cannot be written in percent-encodings: they are no UTF-8. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

const troubleOf = (text: string): string | undefined =>
  text.includes("\0") ? "must not contain U+0000" : undefined;
