import type { Route } from "@clientele/contract/route";

type Page<T> = {
  data: T[];
  meta: { page: number; limit: number; totalPages: number | null; nextCursor?: string | null };
};
type FetchPage<T> = (query: Record<string, unknown>) => Promise<Page<T>>;

/**
 * Every item of a list, by cursor where the list has one. By page number otherwise: what is added or removed
 * meanwhile may then be seen twice or not at all.
 */
export async function* each<T>(
  fetchPage: FetchPage<T>,
  { query }: Pick<Route, "query">,
): AsyncGenerator<T, void, undefined> {
  // Who goes through all items has no use for their number, and counting is dear.
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
