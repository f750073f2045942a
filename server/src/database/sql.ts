import { createHash } from "node:crypto";
import pg from "pg";
import sqlTemplate, { Sql as SqlTemplate } from "sql-template-tag";
import type { Answer, Statement } from "./batch.ts";
import { checkRows } from "./column-check.ts";
import { decoderOf, idParserOf } from "./id-codec.ts";

export { empty, join, raw } from "sql-template-tag";

declare const rowType: unique symbol;

/** A statement whose rows are of the type `Row`. Without a declared type, its rows cannot be read. */
export type Query<Row> = {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly [rowType]?: Row;
};

/** A statement or a fragment: its values are bound as parameters, never concatenated. */
export type Sql<Row = never> = SqlTemplate & Query<Row>;

/** The rows of a result, and the number of rows read or changed. */
export type Rows<Row> = Row[] & { readonly rowCount: number };

/** A statement with exactly one row, its result; any other number of rows is an internal error. */
export type QueryOfOne<Row> = Statement & Query<Row> & { readonly expects: "one" };
/** A statement with at most one row, its result. */
export type QueryOfMaybeOne<Row> = Statement & Query<Row> & { readonly expects: "maybeOne" };

/** The results of a batch, in its order: a row for `one` and `maybeOne`, rows otherwise. */
export type Answers<Queries extends readonly Query<unknown>[]> = {
  -readonly [Index in keyof Queries]: Queries[Index] extends QueryOfOne<infer Row>
    ? Row
    : Queries[Index] extends QueryOfMaybeOne<infer Row>
      ? Row | undefined
      : Queries[Index] extends Query<infer Row>
        ? Rows<Row>
        : never;
};

/** Builds SQL. The type of its rows is declared with it: sql<Row>`…`. */
export const sql = sqlTemplate as <Row = never>(
  strings: readonly string[],
  ...values: readonly unknown[]
) => Sql<Row>;

// Texts vary only with the shape of a list's filters, so they are few; beyond this number they stay unnamed.
const namesMax = 1_000;
const names = new Map<string, string>();

/**
 * Names the statement, so that each connection prepares it once. The name is a hash of the text: processes and threads
 * that share a server connection give a name to one text only.
 */
export function named<Row>(sql: Sql<Row>): Statement & Query<Row> {
  const text = sql.text;
  let name = names.get(text);
  if (name === undefined && names.size < namesMax) {
    name = `c_${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
    names.set(text, name);
  }
  return name === undefined ? { text, values: sql.values } : { text, values: sql.values, name };
}

/** Plans the statement for its actual values: for searches, whose generic plan is a poor one. */
export const unnamed = <Row>(sql: Sql<Row>): Statement & Query<Row> => ({
  text: sql.text,
  values: sql.values,
});

/** A row as PostgreSQL writes it, by position, except that ids have 24 hex digits. */
export type TextRow = (string | null)[];

/** Returns rows as PostgreSQL writes them: for lists that are rendered without parsing. */
export const textRows = (query: Query<unknown>): Statement & Query<TextRow> => ({
  ...statementOf(query),
  areRowsText: true,
});

/** In a batch: the statement has exactly one row. */
export const one = <Row>(query: Query<Row>): QueryOfOne<Row> => ({ ...statementOf(query), expects: "one" });

/** In a batch: the statement has at most one row. */
export const maybeOne = <Row>(query: Query<Row>): QueryOfMaybeOne<Row> => ({
  ...statementOf(query),
  expects: "maybeOne",
});

/** The query to send: prepared under a name, unless stated otherwise. */
export const statementOf = (query: Query<unknown>): Statement =>
  query instanceof SqlTemplate ? named(query) : query;

/** The query to send, planned each time. */
export const unpreparedStatementOf = (query: Query<unknown>): Statement =>
  query instanceof SqlTemplate ? unnamed(query) : query;

const parsers = new Map<number, (text: string) => unknown>([[pg.types.builtins.INT8, Number]]);

function parserOf(type: number): (text: string) => unknown {
  let parser = parsers.get(type);
  if (!parser) {
    parser = idParserOf(type) ?? (pg.types.getTypeParser(type) as (text: string) => unknown);
    parsers.set(type, parser);
  }
  return parser;
}

/** Picks the results that the caller asked for from those of all statements. */
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

/** Rows as objects by column name: uuid as id, bigint as number, timestamptz as Date, jsonb parsed. */
export function rowsOf<Row>(answer: Answer, statement?: Statement): Rows<Row> {
  const rows = statement?.areRowsText ? textsOf(answer) : objectsOf(answer, statement);
  return Object.defineProperty(rows, "rowCount", { value: answer.count }) as Rows<Row>;
}

/** Decodes ids in place. */
function textsOf({ columns, rows }: Answer): TextRow[] {
  for (const [index, { dataTypeID }] of columns.entries()) {
    const decode = decoderOf(dataTypeID);
    if (!decode) continue;
    for (const row of rows) {
      const text = row[index];
      if (text !== null && text !== undefined) row[index] = decode(text);
    }
  }
  return rows;
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
