import { useSyncExternalStore } from "react";

type Wait = { promise: Promise<void>; end: () => void };

let wait: Wait | null = null;
const listeners = new Set<() => void>();

function set(next: Wait | null): void {
  wait = next;
  for (const notify of listeners) notify();
}

/** Resolves when the person has signed in again, so that pending requests continue and no input is lost. */
export function waitForSignIn(): Promise<void> {
  if (wait === null) {
    const { promise, resolve } = Promise.withResolvers<void>();
    set({ promise: promise, end: resolve });
  }
  return wait!.promise;
}

export function resumeSession(): void {
  wait?.end();
  set(null);
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Whether requests are waiting for the person to sign in again. */
export const useSessionExpired = (): boolean => useSyncExternalStore(subscribe, () => wait !== null);
