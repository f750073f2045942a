import type { Single } from "@clientele/contract/envelopes";
import { problemOf } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";

/** The record's version and the definitions' revision: a relabelled field changes the response. */
export function etagOf(answer: unknown, database: EnterpriseDatabase): string | null {
  const { version, revision = database.session.definitionsRevision } = answer as Single<unknown>;
  return version === undefined ? null : `"${version}.${revision}"`;
}

export function matchesAny(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(",").some((part) => part.trim() === "*" || part.trim().replace(/^W\//, "") === etag);
}

/** The version in `If-Match`. A foreign tag matches no version. */
export function expectedVersionOf(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === "*") return undefined;
  if (header.includes(",")) {
    throw problemOf([
      { in: "headers", path: "if-match", code: "REQUEST_INVALID", ...reason("NOT_ONE_ENTITY_TAG") },
    ]);
  }
  const version = /^"(\d+)\.\d+"$/.exec(header.trim())?.[1];
  return version === undefined ? Number.NaN : Number(version);
}
