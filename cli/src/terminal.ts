import { SingleBar } from "cli-progress";
import { formatBytes } from "./format-numbers.ts";

/** Prints a message to standard error, next to the result on standard output. */
export const note = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

export type Counter = { advance(count: number): void; stop(): void };
export type StartCounter = (what: string, total: number) => Counter;

/** Shows a bar with a count on a terminal; prints nothing to a log. */
export function startCounter(what: string, total: number): Counter {
  if (!process.stderr.isTTY) return { advance: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    stream: process.stderr,
    format: `${what.padEnd(10)} {bar} {value} of {total}`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(total, 0);
  return { advance: (count) => bar.increment(count), stop: () => bar.stop() };
}

export type ProgressBar = { show(share: number, tail: string): void; stop(): void };

/** Shows a bar filled to a given share, followed by a text. */
export function startProgressBar(what: string): ProgressBar {
  const bar = new SingleBar({
    stream: process.stderr,
    format: `${what.padEnd(10)} {bar} {tail}`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
    // Otherwise each update of a long line adds a line to a narrow terminal.
    linewrap: false,
  });
  bar.start(1, 0, { tail: "" });
  return {
    show: (share, tail) => bar.update(Math.min(share, 1), { tail }),
    stop: () => bar.stop(),
  };
}

/** Shows the number of bytes written so far on a terminal, when the total is unknown. */
export function startByteCounter(what: string): { show(written: number): void; stop(): void } {
  const isShown = process.stderr.isTTY === true;
  let shownAtMs = 0;
  const clear = "\r\u001b[K";
  return {
    show(written) {
      if (!isShown || Date.now() - shownAtMs < 100) return;
      shownAtMs = Date.now();
      process.stderr.write(`${clear}${what}  ${formatBytes(written)}`);
    },
    stop: () => void (isShown && process.stderr.write(clear)),
  };
}

/** Makes untrusted text safe to print: one line, without control characters. */
export const printable = (text: string): string =>
  text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, "\u{fffd}")
    .trim();
