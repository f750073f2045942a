import { SingleBar } from "cli-progress";
import { bytes } from "./measures.ts";

/** What a command tells a person besides its answer. */
export const note = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

export type Progress = { advance(count: number): void; stop(): void };
export type StartProgress = (what: string, total: number) => Progress;

/** A bar for a person who watches; nothing in a log. */
export function startProgress(what: string, total: number): Progress {
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

export type Gauge = { show(share: number, tail: string): void; stop(): void };

/** A bar of which is known how full it is, and what is to be said beside it. */
export function startGauge(what: string): Gauge {
  const bar = new SingleBar({
    stream: process.stderr,
    format: `${what.padEnd(10)} {bar} {tail}`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
    // Not one line further down at each step when the terminal is narrow.
    linewrap: false,
  });
  bar.start(1, 0, { tail: "" });
  return {
    show: (share, tail) => bar.update(Math.min(share, 1), { tail }),
    stop: () => bar.stop(),
  };
}

/** How many bytes there are so far, of nobody knows how many, for a person who watches. */
export function startBytes(what: string): { show(written: number): void; stop(): void } {
  const isShown = process.stderr.isTTY === true;
  let shownAtMs = 0;
  const clear = "\r\u001b[K";
  return {
    show(written) {
      if (!isShown || Date.now() - shownAtMs < 100) return;
      shownAtMs = Date.now();
      process.stderr.write(`${clear}${what}  ${bytes(written)}`);
    },
    stop: () => void (isShown && process.stderr.write(clear)),
  };
}

/** Text of others, as a terminal can show it: one line, nothing that steers the terminal. */
export const shown = (text: string): string =>
  text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, "\u{fffd}")
    .trim();
