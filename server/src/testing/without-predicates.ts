import type { ServicePool } from "../database/pools.ts";
import { type Tapped, tap } from "./statement-tap.ts";

const predicate = /\b(?:\w+\.)?enterprise_id = (\$\d+)/g;
const ownRow = /^(\s*update enterprises\b[^$]*\bwhere )key = (\$\d+)/;

export type Rewriting = {
  /** Statements that were sent without one of their predicates. */
  readonly rewritten: ReadonlySet<string>;
  /** Statements that mention a table of enterprises more often than they limit its rows to an enterprise. */
  readonly unguarded: ReadonlySet<string>;
};

/**
 * Disables the service's own lock: every `enterprise_id = $n` of a statement becomes true for all rows. Any remaining
 * separation is due to row-level security alone.
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
    // A row joined by its enterprise to a limited row is limited too.
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
    // The same name would reuse the original prepared statement.
    if (statement.name) statement.name += "_open";
  };
  tap(pool, ({ statements }) => {
    for (const statement of statements) rewrite(statement);
  });
  return { rewritten, unguarded };
}
