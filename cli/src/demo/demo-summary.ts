import { table } from "../print.ts";
import type { Warning } from "./dataset.ts";
import type { Counts, Report } from "./write-dataset.ts";

/** What the events are called, and examples for the suggested requests. */
export type Hints = { events: string; search: string; customer: string };

/** The printed result of a demo, with three requests to try next. */
export function demoSummary(report: Report, url: string, { events, search, customer }: Hints): string {
  const rows = [row("customers", report.customers)];
  if (total(report.events) > 0) rows.push(row(events, report.events));
  const address = `${url.replace(/\/+$/, "")}/v1/enterprise-customers`;
  const curl = `curl -H "Authorization: Bearer $(npx clientele token)"`;
  return [
    table(["", "CREATED", "UPDATED", "UNCHANGED", "FAILED"], rows),
    ...warningLines("Imported with changes", report.warnings),
    ...warningLines("Rejected", report.failures),
    "",
    "Try next:",
    `  search          ${curl} '${address}?q=${encodeURIComponent(search)}&limit=3'`,
    `  one customer    ${curl} '${address}/${customer}?external=1'`,
    total(report.events) > 0
      ? `  their ${events.padEnd(9)} ${curl} '${address}/${customer}/events?external=1'`
      : `  the fields      ${curl} '${address}/customfields'`,
  ].join("\n");
}

const total = ({ created, updated, unchanged, failed }: Counts): number =>
  created + updated + unchanged + failed;

const row = (name: string, { created, updated, unchanged, failed }: Counts): string[] => [
  name,
  ...[created, updated, unchanged, failed].map((count) => count.toLocaleString("en")),
];

const warningsMax = 12;

function warningLines(title: string, warnings: readonly Warning[]): string[] {
  if (warnings.length === 0) return [];
  const more = warnings.length - warningsMax;
  return [
    "",
    `${title}:`,
    ...warnings.slice(0, warningsMax).map(({ customer, message }) => `  ${customer}  ${message}`),
    ...(more > 0 ? [`  and ${more.toLocaleString("en")} more; --json lists all`] : []),
  ];
}
