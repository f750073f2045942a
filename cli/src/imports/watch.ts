import { type Client, type ImportJob, isFinal } from "@clientele/sdk";
import { count, duration, plural } from "../measures.ts";
import { type Gauge, note, startGauge } from "../terminal.ts";

/** For Ctrl-C: how long a second one has to come. */
const secondThoughtMs = 2_000;

/** Whoever watched has left by Ctrl-C. */
export class Left extends Error {}

/**
 * Follows an import to its end: a bar for each phase where a person watches, one line for each in a log. Ctrl-C
 * leaves the import to itself, twice cancels it.
 */
export async function watch(client: Client, importId: string, isWatched: boolean): Promise<ImportJob> {
  const leaving = new AbortController();
  const shown = isWatched ? bars() : lines();
  let isAway = false;
  const onAway = ({ message }: Error) => {
    if (!isAway) shown.say(`${message} Waiting for it; the import goes on where it was.`);
    isAway = true;
  };
  const release = onInterrupt(client, importId, leaving, shown.say);
  try {
    const follow = client.follow(importId, { signal: leaving.signal, onAway, awayMaxMs: 3_600_000 });
    let last: ImportJob | undefined;
    for await (const job of follow) {
      if (isAway) shown.say("It is back.");
      isAway = false;
      last = job;
      shown.show(job);
      if (isFinal(job)) break;
    }
    return last!;
  } finally {
    release();
    shown.stop();
  }
}

function onInterrupt(
  client: Client,
  importId: string,
  leaving: AbortController,
  say: (text: string) => void,
): () => void {
  let leavingSoon: NodeJS.Timeout | undefined;
  const interrupted = () => {
    if (leavingSoon === undefined) {
      say(goesOn(importId));
      leavingSoon = setTimeout(() => leaving.abort(new Left()), secondThoughtMs);
      return;
    }
    clearTimeout(leavingSoon);
    client.cancelImport({ importId }).then(
      () => say("It is being cancelled. What is written already stays, and can be undone."),
      (error: Error) => {
        say(error.message);
        leaving.abort(new Left());
      },
    );
  };
  process.on("SIGINT", interrupted);
  return () => {
    clearTimeout(leavingSoon);
    process.off("SIGINT", interrupted);
  };
}

const goesOn = (
  importId: string,
): string => `The import goes on without this command. Ctrl-C again cancels it.
  follow it   clientele imports follow ${importId}
  cancel it   clientele imports cancel ${importId}`;

type Shown = { show(job: ImportJob): void; say(text: string): void; stop(): void };

function lines(): Shown {
  let phase = "";
  return {
    show(job) {
      if (job.phase === phase || isFinal(job)) return;
      phase = job.phase;
      note(lineOf(job));
    },
    say: note,
    stop: () => undefined,
  };
}

function lineOf({ phase, rowsTotal }: ImportJob): string {
  const rows = rowsTotal === null ? "" : ` ${plural(rowsTotal, "row")}`;
  switch (phase) {
    case "queued":
      return "Waiting for its turn.";
    case "reading":
      return "Reading the file.";
    case "planning":
      return `Planning${rows}.`;
    case "checking":
      return "Checking that nothing has changed since the plan.";
    case "applying":
      return `Applying${rows}.`;
    default:
      return `Undoing${rows}.`;
  }
}

function bars(): Shown {
  let phase = "";
  let gauge: Gauge | null = null;
  let last: ImportJob | null = null;
  const stop = () => {
    gauge?.stop();
    gauge = null;
  };
  const show = (job: ImportJob) => {
    last = job;
    if (job.phase !== phase) stop();
    phase = job.phase;
    if (isFinal(job)) return;
    gauge ??= startGauge(phase);
    gauge.show(job.progress, tailOf(job));
  };
  return {
    show,
    say(text) {
      stop();
      note(text);
      if (last) show(last);
    },
    stop,
  };
}

function tailOf({ phase, progress, rowsRead, rowsTotal, rowsPerSecond, secondsLeft }: ImportJob): string {
  if (phase === "queued") return "waits for its turn";
  const hasRows = rowsTotal !== null && phase !== "reading" && phase !== "checking";
  return [
    hasRows ? `${count(rowsRead)} of ${plural(rowsTotal, "row")}` : `${Math.floor(progress * 100)} %`,
    ...(hasRows && rowsPerSecond !== null ? [`${plural(Math.round(rowsPerSecond), "row")}/s`] : []),
    ...(secondsLeft !== null ? [`${duration(secondsLeft)} left`] : []),
  ].join(", ");
}
