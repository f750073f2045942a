import { administrativeSubjects } from "@clientele/contract/changes";
import { Problem } from "@clientele/contract/errors";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import type { Subject } from "../journal/append.ts";
import { type FeedOptions, type FeedPage, type FeedPosition, readFeed } from "../journal/feed.ts";

/** What only who administers the enterprise is told of. */
const administrative: ReadonlySet<Subject> = new Set<Subject>(administrativeSubjects);

/**
 * The next changes that the caller may be told of; the others are passed over, and refused when they are asked for.
 * What the caller may is known with the answer, not before.
 */
export async function readAllowed(
  database: EnterpriseDatabase,
  position: FeedPosition,
  options: FeedOptions,
): Promise<FeedPage> {
  const page = await readFeed(database, position, options);
  if (database.session.scopes.includes("ADMIN")) return page;
  if (options.subjects?.some((subject) => administrative.has(subject))) throw new Problem("SCOPE_MISSING");
  return { ...page, changes: page.changes.filter(({ subject }) => !administrative.has(subject)) };
}
