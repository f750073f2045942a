import type { KeyboardEvent } from "react";

type Grid = {
  active: number;
  count: number;
  /** How many rows one sees at once. */
  rowsShown: number;
  goTo: (index: number) => void;
  choose: (index: number, isRange: boolean) => void;
  open: (index: number) => void;
};

/** Rows by keyboard: arrows, Home, End and the page keys go, Space chooses (with shift up to there), Enter opens. */
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
    // Of the header's buttons and what opens above the table the keys are their own.
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
