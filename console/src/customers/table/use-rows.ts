import { useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type CustomerFilters, filtersOf } from "../customers-search.ts";
import { type Customer, type CustomerQuery, pageQuery, pageRows, totalQuery } from "./rows-query.ts";

// A browser's element has an end: 17.9 million pixels in Firefox.
export const shownRowsMax = 400_000;

export type Rows = {
  /** What the rows below answer: the one before, as long as nothing of the new one is there. */
  query: CustomerQuery;
  isOutdated: boolean;
  /** Null until the first rows are there. */
  count: number | null;
  /** Null while it is being counted. */
  total: number | null;
  at: (index: number) => Customer | undefined;
  error: unknown;
  retry: () => void;
};

/**
 * The rows of a look by their number: those of the pages that are wanted are loaded. What is shown stays until the
 * first page of the next look is there.
 *
 * @param requestedQuery must be the same object as long as it says the same.
 */
export function useRows(requestedQuery: CustomerQuery, requestedPages: readonly number[]): Rows {
  const queryClient = useQueryClient();
  const first = useQuery(pageQuery(requestedQuery, 0));
  const [query, setQuery] = useState(requestedQuery);
  if (query !== requestedQuery && first.data !== undefined) setQuery(requestedQuery);
  const pages = useQueries({ queries: requestedPages.map((page) => pageQuery(query, page)) });
  const total = useQuery({ ...totalQuery(filtersOfQuery(query)), enabled: first.data !== undefined });

  // Read here, so that their arrival is seen; others may have been kept from before.
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

/** As long as it is not counted there is at least what is loaded, and what is being looked at. */
function countOf(first: number | undefined, total: number | undefined, lastRequested: number): number | null {
  if (first === undefined) return total ?? null;
  if (first < pageRows) return first;
  return total ?? Math.max(first, lastRequested * pageRows);
}
