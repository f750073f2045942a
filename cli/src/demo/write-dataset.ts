import type { Client } from "@clientele/sdk";
import type { StartCounter } from "../terminal.ts";
import type { Dataset, PlannedCustomer, Warning } from "./dataset.ts";
import { type Definitions, ensureDefinitions } from "./ensure-definitions.ts";

export type Counts = { created: number; updated: number; unchanged: number; failed: number };

export type Report = {
  customers: Counts;
  events: Counts;
  fieldsCreated: number;
  warnings: Warning[];
  /** Rows that the service rejected. */
  failures: Warning[];
};

const customersPerRequest = 500;
const eventsPerRequest = 1_000;

/** Writes a dataset into the client's enterprise. Safe to repeat: records are matched by external ID. */
export async function writeDataset(
  client: Client,
  dataset: Dataset,
  startProgress: StartCounter,
): Promise<Report> {
  const definitions = await ensureDefinitions(client, dataset);
  const report: Report = {
    customers: zeroCounts(),
    events: zeroCounts(),
    fieldsCreated: definitions.fieldsCreated,
    warnings: [...dataset.warnings],
    failures: [],
  };
  await inChunks("customers", dataset.customers, customersPerRequest, startProgress, async (chunk) => {
    const body = { customers: chunk.map((customer) => customerRow(customer, definitions)) };
    const { data } = await client.importCustomers({ body });
    if (!("results" in data)) throw new Error("Expected the results of the rows, not a job.");
    add(report.customers, data);
    report.failures.push(...failuresOf(data.results, (index) => chunk[index]?.externalId ?? ""));
  });
  await inChunks("events", dataset.events, eventsPerRequest, startProgress, async (chunk) => {
    const { data } = await client.createEvents({ body: { events: chunk } });
    add(report.events, data);
    report.failures.push(...failuresOf(data.results, (index) => chunk[index]?.customer_external_id ?? ""));
  });
  return report;
}

function customerRow({ externalId, values, tags }: PlannedCustomer, { fieldIds, tagIds }: Definitions) {
  const written = Object.entries(values).flatMap(([name, value]): [string, string | string[]][] =>
    value === undefined || value.length === 0
      ? []
      : [[fieldIds.get(name) ?? name, typeof value === "string" ? value : [...value]]],
  );
  return {
    external_id: externalId,
    values: Object.fromEntries(written),
    ...(tags ? { tag_ids: tags.map((name) => idOfTag(tagIds, name)) } : {}),
  };
}

function idOfTag(tagIds: ReadonlyMap<string, string>, name: string): string {
  const id = tagIds.get(name);
  if (id === undefined) throw new Error(`The tag ${name} was not created.`);
  return id;
}

async function inChunks<T>(
  what: string,
  rows: readonly T[],
  size: number,
  startProgress: StartCounter,
  write: (chunk: T[]) => Promise<void>,
): Promise<void> {
  if (rows.length === 0) return;
  const progress = startProgress(what, rows.length);
  try {
    for (let start = 0; start < rows.length; start += size) {
      const chunk = rows.slice(start, start + size);
      await write(chunk);
      progress.advance(chunk.length);
    }
  } finally {
    progress.stop();
  }
}

const zeroCounts = (): Counts => ({ created: 0, updated: 0, unchanged: 0, failed: 0 });

function add(counts: Counts, more: Counts): void {
  for (const outcome of ["created", "updated", "unchanged", "failed"] as const)
    counts[outcome] += more[outcome];
}

type Result = { index: number; errors: { path: string; message: string }[] };

const failuresOf = (results: readonly Result[], customerOf: (index: number) => string): Warning[] =>
  results.flatMap(({ index, errors }) =>
    errors.map(({ path, message }) => ({
      customer: customerOf(index),
      message: `${path} ${message}`.trim(),
    })),
  );
