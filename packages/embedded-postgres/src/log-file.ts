import { copyFile, stat, truncate } from "node:fs/promises";

/** Writes to the log of the service; `boundLog` is about the log file of PostgreSQL. */
export type Log = (event: string, facts: Record<string, unknown>) => void;

const bytesMax = 16 * 1024 * 1024;

/**
 * Limits PostgreSQL's log to this file and one older file of the given size. The file is truncated in place, because
 * the postmaster keeps it open for appending.
 */
export async function boundLog(file: string, sizeBytesMax = bytesMax): Promise<void> {
  if ((await logSize(file)) <= sizeBytesMax) return;
  await copyFile(file, `${file}.1`);
  await truncate(file);
}

export async function logSize(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}
