import type { ServicePool } from "../database/pools.ts";
import { type Tapped, tap } from "./statement-tap.ts";

const predicate = /\b(?:\w+\.)?enterprise_id = (\$\d+)/g;
const ownRow = /^(\s*update enterprises\b[^$]*\bwhere )id = (\$\d+)/;

export type Rewriting = {
  /** Statements sent with a predicate removed. */
  readonly rewritten: ReadonlySet<string>;
  /** Statements that name tables of enterprises more often than they restrict `enterprise_id`. */
  readonly unguarded: ReadonlySet<string>;
};

/**
 * Makes every `enterprise_id = $n` of a statement true for all rows, so that row-level security alone separates
 * enterprises.
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
    // A join on the enterprise restricts the joined table as well.
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
    // Under its old name, PostgreSQL would run the statement prepared before.
    if (statement.name) statement.name += "_open";
  };
  tap(pool, ({ statements }) => {
    for (const statement of statements) rewrite(statement);
  });
  return { rewritten, unguarded };
}
