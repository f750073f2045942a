import { readFile } from "node:fs/promises";
import type { Running } from "./environment.ts";

/** The resident memory of the process with all its threads; 0 when it has ended. */
export async function residentBytes({ process: { pid } }: Running): Promise<number> {
  // An ended process has no status file, and an ending one has no line for its memory.
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}

/** Samples the memory every 5 ms until it is stopped. */
export function watchPeak(running: Running): { highest(): Promise<number>; stop(): void } {
  let highest = 0;
  const sample = async () => {
    highest = Math.max(highest, await residentBytes(running));
    return highest;
  };
  const timer = setInterval(() => void sample(), 5);
  return { highest: sample, stop: () => clearInterval(timer) };
}
