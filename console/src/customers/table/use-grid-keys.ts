import type { KeyboardEvent } from "react";

type Grid = {
  active: number;
  count: number;
  /** Number of visible rows. */
  rowsShown: number;
  goTo: (index: number) => void;
  choose: (index: number, isRange: boolean) => void;
  open: (index: number) => void;
};

/** Grid keys: arrows, Home, End, PageUp and PageDown move; Space selects (Shift extends); Enter opens. */
export function useGridKeys({ active, count, rowsShown, goTo, choose, open }: Grid) {
  const moves = new Map([
    ["ArrowDown", active + 1],
    ["ArrowUp", active - 1],
    ["PageDown", active + rowsShown],
    ["PageUp", active - rowsShown],
    ["Home", 0],
    ["End", count - 1],
  ]);
  return (event: KeyboardEvent) => {
    // Header buttons and open menus handle their own keys.
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const move = moves.get(event.key);
    if (move !== undefined) {
      const target = Math.min(Math.max(move, 0), count - 1);
      goTo(target);
      if (event.shiftKey) choose(target, true);
    } else if (event.key === " ") choose(active, event.shiftKey);
    else if (event.key === "Enter") open(active);
    else return;
    event.preventDefault();
  };
}
