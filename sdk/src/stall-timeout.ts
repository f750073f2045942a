import { ClienteleError } from "./error.ts";

/** Aborts an exchange that makes no progress for `timeoutMs`, or that its caller aborts. */
export type StallTimeout = {
  signal: AbortSignal;
  /** Restarts the timeout: bytes were transferred, or are expected from now on. */
  restart(): void;
  /** Stops the timeout until the next restart. */
  pause(): void;
  /** The error to throw for a failed exchange: the caller's abort reason, or a ClienteleError. */
  errorOf(cause: unknown, what: { timedOut: string; broken: string }): unknown;
};

export type Limits = { timeoutMs: number; signal?: AbortSignal | undefined };

export function startStallTimeout({ timeoutMs, signal }: Limits): StallTimeout {
  const expired = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const pause = () => clearTimeout(timer);
  const restart = () => {
    pause();
    if (Number.isFinite(timeoutMs)) timer = setTimeout(() => expired.abort(), timeoutMs);
  };
  restart();
  return {
    signal: signal ? AbortSignal.any([signal, expired.signal]) : expired.signal,
    restart,
    pause,
    errorOf(cause, what) {
      if (signal?.aborted) return signal.reason;
      return expired.signal.aborted
        ? new ClienteleError(`${what.timedOut} ${timeoutMs / 1000} s.`, { code: "TIMED_OUT", cause })
        : new ClienteleError(`${what.broken}: ${reasonOf(cause)}.`, { code: "CONNECTION_FAILED", cause });
    },
  };
}

/** Node puts the reason into the cause of its "fetch failed"; browsers give no reason. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message?: string };
  return cause?.code ?? cause?.message ?? message ?? String(error);
}
