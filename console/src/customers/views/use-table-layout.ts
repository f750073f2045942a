import { useDebouncedCallback, useDidUpdate } from "@mantine/hooks";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { client } from "../../session/client.ts";
import type { Column } from "../table/columns.ts";
import { type Layout, layoutOf, type Sort } from "../table/layout.ts";
import { currentViewQuery, type ViewDefinition } from "./queries.ts";

const debounceMs = 800;
const defaultSort: Sort = { by: "fullName", isDescending: false };

export const sortOf = ({ sort, sortType }: ViewDefinition): Sort =>
  sort === undefined ? defaultSort : { by: sort, isDescending: sortType === "desc" };

/** Table layout, stored on the server so that it follows the person to any device; a sort order in the URL wins. */
export function useTableLayout(columns: readonly Column[], requestedSort: Sort | null) {
  const queryClient = useQueryClient();
  const stored = useSuspenseQuery(currentViewQuery).data;
  const [storedLayout, setStoredLayout] = useState<Layout | null>(() =>
    layoutOf(columns, stored.columns ?? null),
  );
  const [storedSort, setStoredSort] = useState(() => sortOf(stored));
  const layout = useMemo(() => layoutOf(columns, storedLayout), [columns, storedLayout]);
  const sort = requestedSort ?? storedSort;
  const save = useDebouncedCallback(
    (definition: ViewDefinition) => {
      queryClient.setQueryData(currentViewQuery.queryKey, definition);
      // Errors are ignored: at worst, the previous layout is restored next time.
      client.keepCurrentView({ body: { definition } }).catch(() => undefined);
    },
    { delay: debounceMs, flushOnUnmount: true },
  );
  useDidUpdate(() => {
    setStoredSort(sort);
    save(definitionOf(layout, sort));
  }, [layout, sort.by, sort.isDescending]);
  const changeLayout = (change: (layout: Layout) => Layout) =>
    setStoredLayout((before) => change(layoutOf(columns, before)));
  return { layout, sort, arrange: changeLayout };
}

export const definitionOf = (layout: Layout, { by, isDescending }: Sort): ViewDefinition => ({
  columns: layout.map((column) => ({ ...column })),
  sort: by,
  sortType: isDescending ? "desc" : "asc",
});
