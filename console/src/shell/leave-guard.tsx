import { useBlocker } from "@tanstack/react-router";
import { LeaveQuestion } from "./leave-dialog.tsx";

/** Asks before a page is left that has something to save. */
export function LeaveGuard({ isDrafted }: { isDrafted: boolean }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => isDrafted && current.pathname !== next.pathname,
    enableBeforeUnload: isDrafted,
    withResolver: true,
  });
  if (status !== "blocked") return null;
  return <LeaveQuestion onLeave={proceed} onStay={reset} />;
}
