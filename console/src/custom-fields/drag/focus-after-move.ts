import { useEffect, useRef } from "react";

export const handleIdOf = (fieldId: string): string => `move-${fieldId}`;
export const menuIdOf = (fieldId: string): string => `more-${fieldId}`;

/** Restores the focus after a move: a field that changes its category gets a new element. */
export function useFocusAfterMove(): (elementId: string) => void {
  const pendingId = useRef<string | null>(null);
  useEffect(() => {
    if (pendingId.current === null) return;
    document.getElementById(pendingId.current)?.focus();
    pendingId.current = null;
  });
  return (elementId) => {
    pendingId.current = elementId;
  };
}
