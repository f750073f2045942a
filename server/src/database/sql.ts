import pg from "pg";
import sqlTemplate, { Sql as SqlTemplate } from "sql-template-tag";
import type { Answer, Statement } from "./batch.ts";
import { checkRows } from "./column-check.ts";

export { empty, join, raw } from "sql-template-tag";

declare const rowType: unique symbol;

/** A statement whose rows are of the type `Row`. One that is not declared answers no row that can be read. */
export type Query<Row> = {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly [rowType]?: Row;
};

/** A statement, or a part of one: what it contains is bound, never pasted. */
export type Sql<Row = never> = SqlTemplate & Query<Row>;

/** The rows of an answer, and how many rows the statement read or changed. */
export type Rows<Row> = Row[] & { readonly rowCount: number };

/** A statement of which the answer is its one row, or in a batch: anything else is an error of ours. */
export type QueryOfOne<Row> = Statement & Query<Row> & { readonly expects: "one" };
/** The same, of a row that may be missing. */
export type QueryOfMaybeOne<Row> = Statement & Query<Row> & { readonly expects: "maybeOne" };

/** The answers to the statements of a batch, in its order: a row where one was asked for, rows elsewhere. */
export type Answers<Queries extends readonly Query<unknown>[]> = {
  -readonly [Index in keyof Queries]: Queries[Index] extends QueryOfOne<infer Row>
    ? Row
    : Queries[Index] extends QueryOfMaybeOne<infer Row>
      ? Row | undefined
      : Queries[Index] extends Query<infer Row>
        ? Rows<Row>
        : never;
};

/** Writes SQL. The type of its rows is declared with it: sql<Row>`…`. */
export const sql = sqlTemplate as <Row = never>(
  strings: readonly string[],
  ...values: readonly unknown[]
) => Sql<Row>;

// Texts vary only with the shape of a list's filters, so they are few; past this many the rest go unnamed.
const namesMax = 1_000;
const names = new Map<string, string>();

/** The statement under a name of its own, so that each connection prepares it once. */
export function named<Row>(sql: Sql<Row>): Statement & Query<Row> {
  const text = sql.text;
  let name = names.get(text);
  if (name === undefined && names.size < namesMax) {
    name = `s${names.size}`;
    names.set(text, name);
  }
  return name === undefined ? { text, values: sql.values } : { text, values: sql.values, name };
}

/** The statement planned for its very values: for searches, whose generic plan is a poor one. */
export const unnamed = <Row>(sql: Sql<Row>): Statement & Query<Row> => ({
  text: sql.text,
  values: sql.values,
});

/** A row as PostgreSQL writes it, by position. */
export type TextRow = (string | null)[];

/** The statement answered with rows as PostgreSQL writes them: for those that are rendered without being parsed. */
export const textRows = (query: Query<unknown>): Statement & Query<TextRow> => ({
  ...statementOf(query),
  areRowsText: true,
});

/** In a batch: the one row that the statement always has. */
export const one = <Row>(query: Query<Row>): QueryOfOne<Row> => ({ ...statementOf(query), expects: "one" });

/** In a batch: the row that the statement has at most. */
export const maybeOne = <Row>(query: Query<Row>): QueryOfMaybeOne<Row> => ({
  ...statementOf(query),
  expects: "maybeOne",
});

/** What is sent for a query: prepared under a name, unless it says otherwise. */
export const statementOf = (query: Query<unknown>): Statement =>
  query instanceof SqlTemplate ? named(query) : query;

/** The same, planned each time. */
export const unpreparedStatementOf = (query: Query<unknown>): Statement =>
  query instanceof SqlTemplate ? unnamed(query) : query;

const parsers = new Map<number, (text: string) => unknown>([[pg.types.builtins.INT8, Number]]);

function parserOf(type: number): (text: string) => unknown {
  let parser = parsers.get(type);
  if (!parser) {
    parser = pg.types.getTypeParser(type) as (text: string) => unknown;
    parsers.set(type, parser);
  }
  return parser;
}

/** What the caller asked of the statements that were sent together. */
export const answersTo = <Queries extends readonly Query<unknown>[]>(
  statements: readonly Statement[],
  answers: readonly Answer[],
): Answers<Queries> =>
  statements.map((statement, index) => {
    const answer = answers[index];
    if (!answer) throw new Error(`A statement was not answered: ${statement.text}`);
    const rows = rowsOf(answer, statement);
    return statement.expects === undefined ? rows : singleOf(rows, statement);
  }) as Answers<Queries>;

/** The rows as objects by column name: bigint as number, timestamptz as Date, jsonb parsed. */
export function rowsOf<Row>(answer: Answer, statement?: Statement): Rows<Row> {
  const rows = statement?.areRowsText ? answer.rows : objectsOf(answer, statement);
  return Object.defineProperty(rows, "rowCount", { value: answer.count }) as Rows<Row>;
}

function objectsOf(answer: Answer, statement?: Statement): Record<string, unknown>[] {
  const columns = answer.columns.map(({ name, dataTypeID }) => ({ name, parse: parserOf(dataTypeID) }));
  const objects = answer.rows.map((row) => {
    const object: Record<string, unknown> = {};
    for (const [index, { name, parse }] of columns.entries()) {
      const text = row[index];
      object[name] = text === null || text === undefined ? null : parse(text);
    }
    return object;
  });
  checkRows(objects, statement?.text);
  return objects;
}

function singleOf(rows: readonly unknown[], { text, expects }: Statement): unknown {
  if (rows.length > 1 || (rows.length === 0 && expects === "one"))
    throw new Error(`A statement answered ${rows.length} rows where one was expected: ${text}`);
  return rows[0];
}
