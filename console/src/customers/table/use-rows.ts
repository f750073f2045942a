import { useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type CustomerFilters, filtersOf } from "../customers-search.ts";
import { type Customer, type CustomerQuery, pageQuery, pageRows, totalQuery } from "./rows-query.ts";

// Firefox limits element heights to 17.9 million pixels.
export const shownRowsMax = 400_000;

export type Rows = {
  /** The query that the rows belong to: the previous one until the first new page has loaded. */
  query: CustomerQuery;
  isOutdated: boolean;
  /** Null until the first page has loaded. */
  count: number | null;
  /** Null while counting. */
  total: number | null;
  at: (index: number) => Customer | undefined;
  error: unknown;
  retry: () => void;
};

/**
 * Loads the requested pages of a query. The previous rows stay visible until the first page of a new query has loaded.
 *
 * @param requestedQuery must be a stable object.
 */
export function useRows(requestedQuery: CustomerQuery, requestedPages: readonly number[]): Rows {
  const queryClient = useQueryClient();
  const first = useQuery(pageQuery(requestedQuery, 0));
  const [query, setQuery] = useState(requestedQuery);
  if (query !== requestedQuery && first.data !== undefined) setQuery(requestedQuery);
  const pages = useQueries({ queries: requestedPages.map((page) => pageQuery(query, page)) });
  const total = useQuery({ ...totalQuery(filtersOfQuery(query)), enabled: first.data !== undefined });

  // Subscribes to the requested pages; others come from the cache.
  const loaded = new Map(pages.map(({ data }, index) => [requestedPages[index]!, data]));
  const rowsOf = (page: number) => {
    if (loaded.get(page) === undefined)
      loaded.set(page, queryClient.getQueryData(pageQuery(query, page).queryKey));
    return loaded.get(page);
  };
  const firstRows = rowsOf(0);
  const count = countOf(firstRows?.length, total.data, requestedPages.at(-1) ?? 0);
  const failed = [first, ...pages, total].find(({ error }) => error !== null);
  return {
    query: query,
    isOutdated: query !== requestedQuery,
    count: count === null ? null : Math.min(count, shownRowsMax),
    total: firstRows !== undefined && firstRows.length < pageRows ? firstRows.length : (total.data ?? null),
    at: (index) => rowsOf(Math.floor(index / pageRows))?.[index % pageRows],
    error: failed?.error ?? null,
    retry: () => void failed?.refetch(),
  };
}

const filtersOfQuery = ({ fields, ...search }: CustomerQuery): CustomerFilters => filtersOf(search);

/** Row count: before the total is known, at least the loaded and requested rows. */
function countOf(first: number | undefined, total: number | undefined, lastRequested: number): number | null {
  if (first === undefined) return total ?? null;
  if (first < pageRows) return first;
  return total ?? Math.max(first, lastRequested * pageRows);
}
