import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type CustomerQuery, pageQuery, pageRows } from "./rows-query.ts";
import { emptySelection, isSelected, type Selection, withRows } from "./selection.ts";

/** The most ids that a request accepts. */
const selectedIdsMax = 10_000;

/** The selection; changing the filters clears it. */
export function useSelection(query: CustomerQuery, filters: object) {
  const queryClient = useQueryClient();
  const [scoped, setScoped] = useState<{ of: object; selection: Selection }>({
    of: filters,
    selection: emptySelection,
  });
  const selection = scoped.of === filters ? scoped.selection : emptySelection;
  const select = (next: Selection) => setScoped({ of: filters, selection: next });
  const toggle = (id: string) => select(withRows(selection, [id], !isSelected(selection, id)));

  /** Selects a range; loads rows that have not been shown. */
  const selectRange = async (from: number, to: number) => {
    const last = Math.min(to, from + selectedIdsMax - 1);
    const ids: string[] = [];
    for (let page = Math.floor(from / pageRows); page <= Math.floor(last / pageRows); page++) {
      const rows = await queryClient.ensureQueryData(pageQuery(query, page));
      ids.push(
        ...rows.slice(Math.max(0, from - page * pageRows), last + 1 - page * pageRows).map(({ id }) => id),
      );
    }
    setScoped((before) => ({
      of: filters,
      selection: withRows(before.of === filters ? before.selection : emptySelection, ids, true),
    }));
  };
  return { selection, select, toggle, selectRange };
}
