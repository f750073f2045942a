import { useEffect, useRef } from "react";

export const handleIdOf = (fieldId: string): string => `move-${fieldId}`;
export const menuIdOf = (fieldId: string): string => `more-${fieldId}`;

/** A line that comes into another category is a new element there: what was focused of it is focused again. */
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
