import { type Client, type ImportJob, isFinal } from "@clientele/sdk";
import { formatCount, formatDuration, plural } from "../format-numbers.ts";
import { note, type ProgressBar, startProgressBar } from "../terminal.ts";

/** Time for a second Ctrl-C, which cancels the import. */
const secondInterruptMs = 2_000;

/** The command was ended by Ctrl-C; the import continues. */
export class Interrupted extends Error {}

/**
 * Follows an import to its end, with a bar per phase on a terminal and a line per phase in a log. Ctrl-C detaches from
 * the import; a second Ctrl-C within 2 s cancels it.
 */
export async function showProgress(
  client: Client,
  importId: string,
  isInteractive: boolean,
): Promise<ImportJob> {
  const detach = new AbortController();
  const view = isInteractive ? progressBars() : logLines();
  let isDisconnected = false;
  const onAway = ({ message }: Error) => {
    if (!isDisconnected)
      view.say(`${message} Waiting for the service; the import continues where it stopped.`);
    isDisconnected = true;
  };
  const release = onInterrupt(client, importId, detach, view.say);
  try {
    const follow = client.follow(importId, { signal: detach.signal, onAway, awayMaxMs: 3_600_000 });
    let last: ImportJob | undefined;
    for await (const job of follow) {
      if (isDisconnected) view.say("The service is back.");
      isDisconnected = false;
      last = job;
      view.show(job);
      if (isFinal(job)) break;
    }
    if (!last) throw new Error("The service ended the progress of the import before it reported anything.");
    return last;
  } finally {
    release();
    view.stop();
  }
}

function onInterrupt(
  client: Client,
  importId: string,
  detach: AbortController,
  say: (text: string) => void,
): () => void {
  let detachTimer: NodeJS.Timeout | undefined;
  const interrupted = () => {
    if (detachTimer === undefined) {
      say(detachedMessage(importId));
      detachTimer = setTimeout(() => detach.abort(new Interrupted()), secondInterruptMs);
      return;
    }
    clearTimeout(detachTimer);
    client.cancelImport({ importId }).then(
      () => say("Cancelling. Rows already written stay and can be undone."),
      (error: Error) => {
        say(error.message);
        detach.abort(new Interrupted());
      },
    );
  };
  process.on("SIGINT", interrupted);
  return () => {
    clearTimeout(detachTimer);
    process.off("SIGINT", interrupted);
  };
}

const detachedMessage = (
  importId: string,
): string => `The import continues in the background. Press Ctrl-C again to cancel it.
  follow  clientele imports follow ${importId}
  cancel  clientele imports cancel ${importId}`;

type ProgressView = { show(job: ImportJob): void; say(text: string): void; stop(): void };

function logLines(): ProgressView {
  let phase = "";
  return {
    show(job) {
      if (job.phase === phase || isFinal(job)) return;
      phase = job.phase;
      note(phaseMessage(job));
    },
    say: note,
    stop: () => undefined,
  };
}

function phaseMessage({ phase, rowsTotal }: ImportJob): string {
  const rows = rowsTotal === null ? "" : ` ${plural(rowsTotal, "row")}`;
  switch (phase) {
    case "queued":
      return "Queued.";
    case "reading":
      return "Reading the file.";
    case "planning":
      return `Planning${rows}.`;
    case "checking":
      return "Checking that no customer has changed since the preview.";
    case "applying":
      return `Applying${rows}.`;
    default:
      return `Undoing${rows}.`;
  }
}

function progressBars(): ProgressView {
  let phase = "";
  let bar: ProgressBar | null = null;
  let last: ImportJob | null = null;
  const stop = () => {
    bar?.stop();
    bar = null;
  };
  const show = (job: ImportJob) => {
    last = job;
    if (job.phase !== phase) stop();
    phase = job.phase;
    if (isFinal(job)) return;
    bar ??= startProgressBar(phase);
    bar.show(job.progress, barDetails(job));
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

function barDetails({ phase, progress, rowsRead, rowsTotal, rowsPerSecond, secondsLeft }: ImportJob): string {
  if (phase === "queued") return "waiting";
  const hasRows = rowsTotal !== null && phase !== "reading" && phase !== "checking";
  return [
    hasRows ? `${formatCount(rowsRead)} of ${plural(rowsTotal, "row")}` : `${Math.floor(progress * 100)} %`,
    ...(hasRows && rowsPerSecond !== null ? [`${plural(Math.round(rowsPerSecond), "row")}/s`] : []),
    ...(secondsLeft !== null ? [`${formatDuration(secondsLeft)} left`] : []),
  ].join(", ");
}
