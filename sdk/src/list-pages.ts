import type { Route } from "@clientele/contract/route";

type Page<T> = {
  data: T[];
  meta: { page: number; limit: number; totalPages: number | null; nextCursor?: string | null };
};
type FetchPage<T> = (query: Record<string, unknown>) => Promise<Page<T>>;

/**
 * Yields all items of a list, by cursor if the list has one. Otherwise by page number: items may then repeat or be
 * missing if the list changes meanwhile.
 */
export async function* listPages<T>(
  fetchPage: FetchPage<T>,
  { query }: Pick<Route, "query">,
): AsyncGenerator<T, void, undefined> {
  // The total is not needed here, and counting dominates the cost of a search.
  const uncounted = query && "count" in query.properties ? { count: "none" } : {};
  let next: Record<string, unknown> = {};
  for (let page = 1; ; page++) {
    const { data, meta } = await fetchPage({ ...uncounted, ...next });
    yield* data;
    if (meta.nextCursor === null || data.length < meta.limit) return;
    if (meta.totalPages !== null && page >= meta.totalPages) return;
    next = meta.nextCursor === undefined ? { page: page + 1 } : { cursor: meta.nextCursor };
  }
}
