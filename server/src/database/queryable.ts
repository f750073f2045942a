import type { Answer, Statement } from "./batch.ts";
import { type Answers, answersTo, maybeOne, one, type Query, type Rows } from "./sql.ts";

export type Queryable = {
  /** The row of a statement that always answers exactly one: anything else is an error of ours. */
  one<Row>(query: Query<Row>): Promise<Row>;
  /** The row of a statement that answers one at most. */
  maybeOne<Row>(query: Query<Row>): Promise<Row | undefined>;
  many<Row>(query: Query<Row>): Promise<Rows<Row>>;
  /** Several statements in one round trip and one transaction, with the answer to each. */
  batch<const Queries extends readonly Query<unknown>[]>(queries: Queries): Promise<Answers<Queries>>;
};

/** Typed queries over something that sends statements together. */
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
