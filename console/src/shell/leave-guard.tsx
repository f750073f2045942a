import { useBlocker } from "@tanstack/react-router";
import { LeaveDialog } from "./leave-dialog.tsx";

/** Asks before leaving a page with unsaved changes. */
export function LeaveGuard({ isDirty }: { isDirty: boolean }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty && current.pathname !== next.pathname,
    enableBeforeUnload: isDirty,
    withResolver: true,
  });
  if (status !== "blocked") return null;
  return <LeaveDialog onLeave={proceed} onStay={reset} />;
}
