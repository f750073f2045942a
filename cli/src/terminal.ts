import { SingleBar } from "cli-progress";

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
