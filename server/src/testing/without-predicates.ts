import type { ServicePool } from "../database/pools.ts";
import { type Tapped, tap } from "./statement-tap.ts";

const predicate = /\b(?:\w+\.)?enterprise_id = (\$\d+)/g;
const ownRow = /^(\s*update enterprises\b[^$]*\bwhere )id = (\$\d+)/;

export type Rewriting = {
  /** Statements that were sent without a predicate that they had. */
  readonly rewritten: ReadonlySet<string>;
  /** Statements that name a table of enterprises more often than they say whose rows they mean. */
  readonly unguarded: ReadonlySet<string>;
};

/**
 * Takes the service's own lock away: every `enterprise_id = $n` of a statement holds for all rows. What is then
 * still kept apart is so by row-level security alone.
 */
export function withoutPredicates(
  pool: ServicePool,
  ownedTables: readonly string[],
  isOff: () => boolean,
): Rewriting {
  const rewritten = new Set<string>();
  const unguarded = new Set<string>();
  const reference = new RegExp(`\\b(?:from|join|update|using)\\s+(?:${ownedTables.join("|")})\\b`, "g");

  const rewrite = (statement: Tapped) => {
    const { text } = statement;
    const references = text.match(reference)?.length ?? 0;
    // A row of one table that is joined by its enterprise to a row of another is as guarded as that one is.
    const joins = text.match(
      /\w+\.enterprise_id = \w+\.|\(\w+\.enterprise_id, [\w., ]+\) = \(\w+\.enterprise_id,/g,
    );
    const guards = (text.match(predicate)?.length ?? 0) + (joins?.length ?? 0);
    if (references > guards) unguarded.add(text);
    if (!isOff()) return;
    statement.text = text
      .replace(predicate, "($1::text is not null)")
      .replace(ownRow, "$1($2::text is not null)");
    if (statement.text === text) return;
    rewritten.add(text);
    // The same words under the same name would be the statement as it was.
    if (statement.name) statement.name += "_open";
  };
  tap(pool, ({ statements }) => {
    for (const statement of statements) rewrite(statement);
  });
  return { rewritten, unguarded };
}
