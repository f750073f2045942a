import { type Static, timestampOf } from "@clientele/contract/formats";
import { finalPhases, type ImportJob } from "@clientele/contract/import-jobs";
import type { ImportOptions } from "./options.ts";
import type { Job } from "./store.ts";

/** How long an import is stored after its request, with its file and its report. */
export const retentionDays = 30;

const final: ReadonlySet<Job["phase"]> = new Set(finalPhases);
export const isFinal = ({ phase }: Pick<Job, "phase">): boolean => final.has(phase);

const timeOrNull = (time: Date | null): string | null => (time === null ? null : timestampOf(time));

export function answerOf(job: Job): Static<typeof ImportJob> {
  const seconds = job.busyMs / 1000;
  const isUnderway = !isFinal(job) && job.phase !== "queued";
  const rate = seconds > 0 && job.rowsRead > 0 ? job.rowsRead / seconds : null;
  const left =
    isUnderway && job.progress > 0 && seconds > 0 ? (seconds / job.progress) * (1 - job.progress) : null;
  return {
    id: job.id,
    kind: job.kind,
    change: job.options.change ?? null,
    phase: job.phase,
    dryRun: job.dryRun,
    planId: job.planId,
    undoes: job.undoesId,
    undoneBy: job.undoneBy,
    file:
      // The ids of a bulk change are stored as a file, but nobody sent one.
      job.fileId === null || job.kind === "bulk"
        ? null
        : {
            name: job.fileName ?? "",
            type: job.fileType ?? "",
            sizeBytes: job.fileSizeBytes ?? 0,
            sha256: job.fileSha256 ?? "",
            encoding: job.fileEncoding,
          },
    options: job.kind === "import" ? optionsAnswer(job.options) : null,
    columns: job.columns.map(({ type: _, ...column }) => column),
    rowsTotal: job.rowsTotal,
    rowsRead: job.rowsRead,
    created: job.created,
    updated: job.updated,
    unchanged: job.unchanged,
    deleted: job.deleted,
    failed: job.failed,
    warned: job.warned,
    progress: Math.round(job.progress * 10_000) / 10_000,
    rowsPerSecond: rate === null ? null : Math.round(rate * 10) / 10,
    secondsLeft: left === null ? null : Math.ceil(left),
    problem: job.problem,
    appId: job.appId,
    personId: job.personId,
    personName: job.personName,
    companyId: job.companyId,
    createdAt: timestampOf(job.createdAt),
    startedAt: timeOrNull(job.startedAt),
    finishedAt: timeOrNull(job.finishedAt),
    expiresAt: timestampOf(new Date(job.createdAt.getTime() + retentionDays * 86_400_000)),
  };
}

/** The options that a request can set. */
function optionsAnswer({
  latestYear: _,
  change: __,
  unknownFields,
  ignoreMandatory,
  ...options
}: ImportOptions) {
  return {
    ...options,
    onUnknown: unknownFields,
    ignoreMandatoryValidation: ignoreMandatory,
    matchOn: [...options.matchOn],
    mapping: options.mapping === null ? null : { ...options.mapping },
  };
}
