import { useDebouncedCallback, useDidUpdate } from "@mantine/hooks";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { client } from "../../session/client.ts";
import type { Column } from "../table/columns.ts";
import { type Layout, layoutOf, type Sort } from "../table/layout.ts";
import { currentViewQuery, type ViewDefinition } from "./queries.ts";

const restMs = 800;
const sortAtFirst: Sort = { by: "fullName", isDescending: false };

/** An order as a view has it. */
export const sortOf = ({ sort, sortType }: ViewDefinition): Sort =>
  sort === undefined ? sortAtFirst : { by: sort, isDescending: sortType === "desc" };

/**
 * How the person has arranged the table: the service remembers it, so that it is found again on any machine.
 *
 * @param asked the order that the address says, which is then the remembered one.
 */
export function useArrangement(columns: readonly Column[], asked: Sort | null) {
  const queryClient = useQueryClient();
  const kept = useSuspenseQuery(currentViewQuery).data;
  const [arranged, setArranged] = useState<Layout | null>(() => layoutOf(columns, kept.columns ?? null));
  const [keptSort, setKeptSort] = useState(() => sortOf(kept));
  const layout = useMemo(() => layoutOf(columns, arranged), [columns, arranged]);
  const sort = asked ?? keptSort;
  const keep = useDebouncedCallback(
    (definition: ViewDefinition) => {
      queryClient.setQueryData(currentViewQuery.queryKey, definition);
      // At worst the table is found as it was the time before: nothing to interrupt people for.
      client.keepCurrentView({ body: { definition } }).catch(() => undefined);
    },
    { delay: restMs, flushOnUnmount: true },
  );
  useDidUpdate(() => {
    setKeptSort(sort);
    keep(definitionOf(layout, sort));
  }, [layout, sort.by, sort.isDescending]);
  const arrange = (change: (layout: Layout) => Layout) =>
    setArranged((before) => change(layoutOf(columns, before)));
  return { layout, sort, arrange };
}

export const definitionOf = (layout: Layout, { by, isDescending }: Sort): ViewDefinition => ({
  columns: layout.map((it) => ({ ...it })),
  sort: by,
  sortType: isDescending ? "desc" : "asc",
});
