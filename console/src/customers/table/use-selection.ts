import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Look, pageQuery, pageRows } from "./rows-query.ts";
import { isSelected, nothing, type Selection, withRows } from "./selection.ts";

/** As many as a request can name. */
const selectedIdsMax = 10_000;

/** Which customers are chosen, as long as the same ones are looked at. */
export function useSelection(look: Look, filters: object) {
  const queryClient = useQueryClient();
  const [chosen, setChosen] = useState<{ of: object; selection: Selection }>({
    of: filters,
    selection: nothing,
  });
  const selection = chosen.of === filters ? chosen.selection : nothing;
  const select = (next: Selection) => setChosen({ of: filters, selection: next });
  const toggle = (id: string) => select(withRows(selection, [id], !isSelected(selection, id)));

  /** Rows that nobody has seen are loaded for it. */
  const selectRange = async (from: number, to: number) => {
    const last = Math.min(to, from + selectedIdsMax - 1);
    const ids: string[] = [];
    for (let page = Math.floor(from / pageRows); page <= Math.floor(last / pageRows); page++) {
      const rows = await queryClient.ensureQueryData(pageQuery(look, page));
      ids.push(
        ...rows.slice(Math.max(0, from - page * pageRows), last + 1 - page * pageRows).map(({ id }) => id),
      );
    }
    setChosen((before) => ({
      of: filters,
      selection: withRows(before.of === filters ? before.selection : nothing, ids, true),
    }));
  };
  return { selection, select, toggle, selectRange };
}
