import { copyFile, stat, truncate } from "node:fs/promises";

/** The log of the service; the file is that of PostgreSQL. */
export type Log = (event: string, facts: Record<string, unknown>) => void;

const bytesMax = 16 * 1024 * 1024;

/**
 * Keeps PostgreSQL's log to twice the size: this file and the one before. It is emptied in place, because the
 * postmaster keeps it open, and appends, over any number of services.
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
