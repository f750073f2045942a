import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Cluster, requireFreeSpace } from "./cluster.ts";
import { EmbeddedDatabaseError } from "./error.ts";
import { boundLog, type Log, logSize } from "./log-file.ts";
import { type Ownership, takeOwnership } from "./ownership.ts";
import { lastLogMessage, launchPostmaster, stopPostmaster } from "./postmaster.ts";
import { clearStaleLocks, findPostmaster, isPostmaster } from "./postmaster-lock.ts";

/** A postmaster may need this long after its end to release its files and memory. */
const releaseMs = 5_000;
/** After this uptime the restart delay starts again at 0. */
const steadyMs = 60_000;
const logCheckMs = 60_000;

type Owned = Ownership & { pid: number };

/** Starts the database, and restarts it whenever it ends, until stopped. */
export async function supervise(
  cluster: Cluster,
  log: Log,
  onLost?: (error: EmbeddedDatabaseError) => void,
): Promise<{ stop(): Promise<void> }> {
  const { folder, logFile } = cluster;
  const stopping = new AbortController();
  let current: Owned | undefined = await launch(cluster, log, stopping.signal);
  /** The postmaster to stop, even while the session is lost. */
  let ownedPid: number | undefined = current.pid;
  let attempts = 0;
  let restarting: Promise<void> | undefined;

  async function watch(): Promise<void> {
    while (current) {
      const upSince = Date.now();
      await current.lost;
      current = undefined;
      if (stopping.signal.aborted) return;
      if (Date.now() - upSince > steadyMs) attempts = 0;
      log("database-lost", { folder, retryInMs: backoffMs(attempts) });
      restarting = restart();
      await restarting;
    }
  }

  async function restart(): Promise<void> {
    while (!current) {
      await delay(backoffMs(attempts), undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      attempts++;
      try {
        current = await launch(cluster, log, stopping.signal);
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
    await restarting;
    // The owner lock is held until the postmaster ends, so that a waiting service does not adopt it while it stops.
    if (ownedPid !== undefined) await stopPostmaster(cluster, ownedPid);
    await watching;
    log("database-stopped", { folder });
  }

  const watching = watch();
  const logCheck = setInterval(() => void boundLog(logFile).catch(() => undefined), logCheckMs).unref();
  let ended: Promise<void> | undefined;
  return {
    stop: () => {
      ended ??= end();
      return ended;
    },
  };
}

/** Restart delays: 0, 0.25 s, then doubling up to 30 s. */
export function backoffMs(attempts: number): number {
  return attempts === 0 ? 0 : Math.min(250 * 2 ** (attempts - 1), 30_000);
}

/** Adopts or starts the postmaster of the folder; resolves when this service owns it. */
async function launch(cluster: Cluster, log: Log, stopping: AbortSignal): Promise<Owned> {
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
      // Only the lock tells whether another service owns a running postmaster, so stopping waits for it.
      const giveUp = running ? undefined : stopping;
      const ownership = await takeOwnership(address, () => isPostmaster(pid, folder), giveUp);
      if (ownership) {
        log("database-started", { folder, pid, adopted: !!running, durationMs: Date.now() - since });
        return { ...ownership, pid };
      }
    } catch (error) {
      const isInUse = error instanceof EmbeddedDatabaseError && error.failure === "in-use";
      if (!running && !isInUse) await stopPostmaster(cluster, pid);
      throw error;
    }
    // An adopted postmaster was shutting down: the next iteration starts one.
    const reason = running ? undefined : await lastLogMessage(logFile, logStart);
    if (reason && !(isTemporary(reason) && Date.now() - since < releaseMs))
      throw startFailed(reason, logFile);
    await delay(20);
  }
}

/** Errors caused by a postmaster that is still shutting down, or by two that start at once. */
function isTemporary(reason: string): boolean {
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
