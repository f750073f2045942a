import { writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { measureImport } from "./import.ts";
import { measureImportFile } from "./import-file.ts";
import { measureJournal } from "./journal.ts";
import { measureJournalShare } from "./journal-share.ts";
import { measureLongList } from "./long-list.ts";
import { explainLists } from "./plans.ts";
import { type Figure, tableOf } from "./report.ts";
import { measureSearch } from "./search.ts";
import { type Stage, setStage } from "./stage.ts";
import { measureThroughput } from "./throughput.ts";

const measurements: Record<string, (stage: Stage) => Promise<Figure[]>> = {
  throughput: measureThroughput,
  "long-list": measureLongList,
  search: measureSearch,
  import: measureImport,
  "import-file": measureImportFile,
  plans: explainLists,
  journal: measureJournal,
  "journal-share": measureJournalShare,
};

const customers = Number(process.env["BENCH_CUSTOMERS"] ?? 200_000);
const asked = process.argv.slice(2);
const chosen = asked.length > 0 ? asked : Object.keys(measurements);

const stage = await setStage(customers);
const figures: Figure[] = [];
try {
  for (const name of chosen) figures.push(...(await measurements[name]!(stage)));
} finally {
  await stage.close();
}
const machine = `${cpus().length} cores, Node ${process.version}, embedded PostgreSQL, ${customers} customers`;
const report = `# Measured\n\n${machine}. Each figure and its limit were measured in turn in one run; ratios are medians of the rounds.\n\n${tableOf(figures)}\n`;
process.stdout.write(`\n${report}`);
if (asked.length === 0) await writeFile(new URL("results.md", import.meta.url), report);
