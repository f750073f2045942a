import pg from "pg";
import type { Sql } from "sql-template-tag";
import type { Answer, Statement } from "./batch.ts";

export { default as sql, empty, join, raw, type Sql } from "sql-template-tag";

// Texts vary only with the shape of a list's filters, so they are few; past this many the rest go unnamed.
const namesMax = 1_000;
const names = new Map<string, string>();

/** The statement under a name of its own, so that each connection prepares it once. */
export function named(sql: Sql): Statement {
  const text = sql.text;
  let name = names.get(text);
  if (name === undefined && names.size < namesMax) {
    name = `s${names.size}`;
    names.set(text, name);
  }
  return name === undefined ? { text, values: sql.values } : { text, values: sql.values, name };
}

/** The statement planned for its very values: for searches, whose generic plan is a poor one. */
export const unnamed = (sql: Sql): Statement => ({ text: sql.text, values: sql.values });

const parsers = new Map<number, (text: string) => unknown>([[pg.types.builtins.INT8, Number]]);

function parserOf(type: number): (text: string) => unknown {
  let parser = parsers.get(type);
  if (!parser) {
    parser = pg.types.getTypeParser(type) as (text: string) => unknown;
    parsers.set(type, parser);
  }
  return parser;
}

/** The rows as objects by column name: bigint as number, timestamptz as Date, jsonb parsed. */
export function objects<T>(answer: Answer): T[] {
  const columns = answer.columns.map(({ name, dataTypeID }) => ({ name, parse: parserOf(dataTypeID) }));
  return answer.rows.map((row) => {
    const object: Record<string, unknown> = {};
    for (const [index, { name, parse }] of columns.entries()) {
      const text = row[index];
      object[name] = text === null || text === undefined ? null : parse(text);
    }
    return object as T;
  });
}
