import { ClienteleError } from "./error.ts";

/** Ends an exchange in which nothing has moved for too long, or that its caller has given up. */
export type Watch = {
  signal: AbortSignal;
  /** Bytes went out or came in, or are waited for from now on. */
  moved(): void;
  /** Nothing is waited for. */
  rest(): void;
  /** What an exchange that broke is told as: the caller's own reason, or an error of ours. */
  problemOf(cause: unknown, what: { late: string; broken: string }): unknown;
};

export type Limits = { timeoutMs: number; signal?: AbortSignal | undefined };

export function openWatch({ timeoutMs, signal }: Limits): Watch {
  const late = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const rest = () => clearTimeout(timer);
  const moved = () => {
    rest();
    if (Number.isFinite(timeoutMs)) timer = setTimeout(() => late.abort(), timeoutMs);
  };
  moved();
  return {
    signal: signal ? AbortSignal.any([signal, late.signal]) : late.signal,
    moved,
    rest,
    problemOf(cause, what) {
      if (signal?.aborted) return signal.reason;
      return late.signal.aborted
        ? new ClienteleError(`${what.late} ${timeoutMs / 1000} s.`, { code: "TIMED_OUT", cause })
        : new ClienteleError(`${what.broken}: ${reasonOf(cause)}.`, { code: "CONNECTION_FAILED", cause });
    },
  };
}

/** Node says what happened in the cause of its "fetch failed"; browsers say nothing more. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message?: string };
  return cause?.code ?? cause?.message ?? message ?? String(error);
}
