import { useSyncExternalStore } from "react";

type Wait = { promise: Promise<void>; end: () => void };

let wait: Wait | null = null;
const listeners = new Set<() => void>();

function set(next: Wait | null): void {
  wait = next;
  for (const notify of listeners) notify();
}

/**
 * Until the person whose session has ended under their work has signed in again. What they were about to do waits
 * for that, and then goes on: nothing that they have typed is lost.
 */
export function waitForSignIn(): Promise<void> {
  if (wait === null) {
    const { promise, resolve } = Promise.withResolvers<void>();
    set({ promise: promise, end: resolve });
  }
  return wait!.promise;
}

/** The same person is signed in again. */
export function resumeSession(): void {
  wait?.end();
  set(null);
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Whether something waits for the person to sign in again. */
export const useSessionExpired = (): boolean => useSyncExternalStore(subscribe, () => wait !== null);
