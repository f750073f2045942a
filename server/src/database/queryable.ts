import type { Answer, Statement } from "./batch.ts";
import { type Answers, answersTo, maybeOne, one, type Query, type Rows } from "./sql.ts";

export type Queryable = {
  /** Returns the row of a statement with exactly one row; throws an internal error otherwise. */
  one<Row>(query: Query<Row>): Promise<Row>;
  /** Returns the row of a statement with at most one row. */
  maybeOne<Row>(query: Query<Row>): Promise<Row | undefined>;
  many<Row>(query: Query<Row>): Promise<Rows<Row>>;
  /** Runs several statements in one round trip and one transaction, and returns the result of each. */
  batch<const Queries extends readonly Query<unknown>[]>(queries: Queries): Promise<Answers<Queries>>;
};

/** Typed queries on top of a function that sends statements together. */
export function queryable(
  statementOf: (query: Query<unknown>) => Statement,
  send: (statements: readonly Statement[]) => Promise<readonly Answer[]>,
): Queryable {
  async function batch<const Queries extends readonly Query<unknown>[]>(
    queries: Queries,
  ): Promise<Answers<Queries>> {
    const statements = queries.map(statementOf);
    return answersTo(statements, await send(statements));
  }
  return {
    batch,
    one: async <Row>(query: Query<Row>) => (await batch([one(query)]))[0],
    maybeOne: async <Row>(query: Query<Row>) => (await batch([maybeOne(query)]))[0],
    many: async <Row>(query: Query<Row>) => (await batch([query]))[0],
  };
}
