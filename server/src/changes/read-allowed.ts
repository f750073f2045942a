import { administrativeSubjects } from "@clientele/contract/changes";
import { Problem } from "@clientele/contract/errors";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import type { Subject } from "../journal/append.ts";
import { type FeedOptions, type FeedPage, readFeed } from "../journal/feed.ts";
import { type FeedStart, gapProblem } from "./cursor.ts";

/** Subjects for callers with ADMIN only. */
const administrative: ReadonlySet<Subject> = new Set<Subject>(administrativeSubjects);

/**
 * The next changes without those that need ADMIN; refused when the request names one of these subjects. The caller's
 * scopes are known only after the read. Throws CURSOR_EXPIRED when changes are missing.
 */
export async function readAllowed(
  database: EnterpriseDatabase,
  { position, place }: FeedStart,
  options: FeedOptions,
): Promise<FeedPage> {
  const page = await readFeed(database, position, options);
  if (typeof page === "string") throw gapProblem(page, place);
  if (database.session.scopes.includes("ADMIN")) return page;
  if (options.subjects?.some((subject) => administrative.has(subject))) throw new Problem("SCOPE_MISSING");
  return { ...page, changes: page.changes.filter(({ subject }) => !administrative.has(subject)) };
}
