import { writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { createEnvironment, type Environment } from "./environment.ts";
import { measureImport } from "./import.ts";
import { measureImportFile } from "./import-file.ts";
import { measureJournal } from "./journal.ts";
import { measureJournalShare } from "./journal-share.ts";
import { measureLongList } from "./long-list.ts";
import { measurePeers } from "./peers.ts";
import { explainLists } from "./plans.ts";
import { type Figure, tableOf } from "./report.ts";
import { measureSearch } from "./search.ts";
import { measureStorage } from "./storage.ts";
import { measureThroughput } from "./throughput.ts";

const measurements: Record<string, (environment: Environment) => Promise<Figure[]>> = {
  storage: measureStorage,
  throughput: measureThroughput,
  "long-list": measureLongList,
  search: measureSearch,
  import: measureImport,
  "import-file": measureImportFile,
  plans: explainLists,
  journal: measureJournal,
  "journal-share": measureJournalShare,
};

/** Installs a peer and loads both with customers itself: only on request, and alone. */
const alone: typeof measurements = { peers: measurePeers };

const requested = process.argv.slice(2);
const chosen = requested.length > 0 ? requested : Object.keys(measurements);
const isAlone = chosen.some((name) => name in alone);
if (isAlone && chosen.length > 1) throw new Error(`Run ${Object.keys(alone).join(", ")} alone.`);
const customers = Number(process.env["BENCH_CUSTOMERS"] ?? (isAlone ? 20_000 : 200_000));

const environment = await createEnvironment(isAlone ? 0 : customers);
const figures: Figure[] = [];
try {
  for (const name of chosen) figures.push(...(await { ...measurements, ...alone }[name]!(environment)));
} finally {
  await environment.close();
}
const machine = `${cpus().length} cores, Node ${process.version}, embedded PostgreSQL, ${customers} customers`;
const report = `# Benchmark results\n\n${machine}. Each figure and its baseline were measured alternately in one run; ratios are medians of the rounds.\n\n${tableOf(figures)}\n`;
process.stdout.write(`\n${report}`);
if (requested.length === 0) await writeFile(new URL("results.md", import.meta.url), report);
