import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Cluster, requireFreeSpace } from "./cluster.ts";
import { EmbeddedDatabaseError } from "./error.ts";
import { boundLog, type Log, logSize } from "./log-file.ts";
import { type Ownership, takeOwnership } from "./ownership.ts";
import { lastWords, launchPostmaster, stopPostmaster } from "./postmaster.ts";
import { clearStaleLocks, findPostmaster, isPostmaster } from "./postmaster-lock.ts";

/** How long a postmaster that just ended may keep its files and its memory. */
const leftoversMs = 5_000;
/** A database that lived this long failed anew, not again. */
const steadyMs = 60_000;
const logCheckMs = 60_000;

type Owned = Ownership & { pid: number };

/** Brings the database up, and up again each time it goes, until stopped. */
export async function supervise(
  cluster: Cluster,
  log: Log,
  onLost?: (error: EmbeddedDatabaseError) => void,
): Promise<{ stop(): Promise<void> }> {
  const { folder, logFile } = cluster;
  const stopping = new AbortController();
  let current: Owned | undefined = await bringUp(cluster, log, stopping.signal);
  /** The postmaster that is ours to stop, also while the session with it is lost. */
  let ownedPid: number | undefined = current.pid;
  let attempts = 0;
  let regaining: Promise<void> | undefined;

  async function restartWhenExited(): Promise<void> {
    while (current) {
      const upSince = Date.now();
      await current.lost;
      current = undefined;
      if (stopping.signal.aborted) return;
      if (Date.now() - upSince > steadyMs) attempts = 0;
      log("database-lost", { folder, retryInMs: backoffMs(attempts) });
      regaining = regain();
      await regaining;
    }
  }

  async function regain(): Promise<void> {
    while (!current) {
      await delay(backoffMs(attempts), undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      attempts++;
      try {
        current = await bringUp(cluster, log, stopping.signal);
        ownedPid = current.pid;
      } catch (error) {
        if (stopping.signal.aborted) return;
        log("database-restart-failed", { folder, retryInMs: backoffMs(attempts), error });
        if (!(error instanceof EmbeddedDatabaseError) || error.failure !== "in-use") continue;
        ownedPid = undefined;
        onLost?.(error);
        return;
      }
    }
  }

  async function end(): Promise<void> {
    stopping.abort();
    clearInterval(logCheck);
    await regaining;
    // The lock is kept until the postmaster goes: a service that waits for the folder must not meet it halfway.
    if (ownedPid !== undefined) await stopPostmaster(cluster, ownedPid);
    await supervision;
    log("database-stopped", { folder });
  }

  const supervision = restartWhenExited();
  const logCheck = setInterval(() => void boundLog(logFile).catch(() => undefined), logCheckMs).unref();
  let ended: Promise<void> | undefined;
  return {
    stop: () => {
      ended ??= end();
      return ended;
    },
  };
}

/** At once, then after 0.25 s, doubling up to half a minute. */
export function backoffMs(attempts: number): number {
  return attempts === 0 ? 0 : Math.min(250 * 2 ** (attempts - 1), 30_000);
}

/** Adopts the postmaster of the folder or starts one, and resolves when it takes sessions and is ours. */
async function bringUp(cluster: Cluster, log: Log, stopping: AbortSignal): Promise<Owned> {
  const { folder, logFile, address } = cluster;
  const since = Date.now();
  for (;;) {
    const running = await findPostmaster(folder);
    if (!running) {
      await requireFreeSpace(dirname(folder));
      await clearStaleLocks(cluster);
      await boundLog(logFile);
    }
    const logStart = await logSize(logFile);
    const pid = running?.pid ?? (await launchPostmaster(cluster));
    try {
      // Of one that ran before, only the lock tells whose it is: no giving up before that.
      const cancelled = running ? undefined : stopping;
      const ownership = await takeOwnership(address, () => isPostmaster(pid, folder), cancelled);
      if (ownership) {
        log("database-started", { folder, pid, adopted: !!running, durationMs: Date.now() - since });
        return { ...ownership, pid };
      }
    } catch (error) {
      const isTaken = error instanceof EmbeddedDatabaseError && error.failure === "in-use";
      if (!running && !isTaken) await stopPostmaster(cluster, pid);
      throw error;
    }
    // An adopted postmaster was on its way out: the next round starts one.
    const reason = running ? undefined : await lastWords(logFile, logStart);
    if (reason && !(isPassing(reason) && Date.now() - since < leftoversMs))
      throw startFailed(reason, logFile);
    await delay(20);
  }
}

/** What a postmaster that is still going away causes, or its last sessions, or two that start at once. */
function isPassing(reason: string): boolean {
  return /lock file ".*" already exists|shared memory block|could not create any/.test(reason);
}

function startFailed(reason: string, logFile: string): EmbeddedDatabaseError {
  const failure = /No space left/.test(reason)
    ? "disk-full"
    : /lock file/.test(reason)
      ? "in-use"
      : "start-failed";
  return new EmbeddedDatabaseError(failure, `PostgreSQL did not start: ${reason} (see ${logFile}).`);
}
