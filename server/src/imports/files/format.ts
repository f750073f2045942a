/** What a file is read as. */
export type FileFormat = "csv" | "ndjson" | "json" | "xlsx";

const byType: Readonly<Record<string, FileFormat>> = {
  "text/csv": "csv",
  "text/tab-separated-values": "csv",
  "application/x-ndjson": "ndjson",
  "application/json": "json",
};
const byEnding: Readonly<Record<string, FileFormat>> = {
  csv: "csv",
  tsv: "csv",
  txt: "csv",
  ndjson: "ndjson",
  jsonl: "ndjson",
  json: "json",
};

// The second is what workbooks of Excel 97 and those with a password are wrapped in: the reader says so.
const workbooks = [Buffer.from("504b0304", "hex"), Buffer.from("d0cf11e0a1b11ae1", "hex")];

/**
 * What a file is, by its first bytes, then by what its sender says. Browsers call a CSV file what the programs on
 * the machine make of it, a workbook among others, so only a workbook's own bytes make it one.
 */
export function formatOf(type: string, name: string, head: Uint8Array): FileFormat {
  if (workbooks.some((bytes) => bytes.equals(head.subarray(0, bytes.length)))) return "xlsx";
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return byType[type] ?? byEnding[ending] ?? byContent(head);
}

function byContent(head: Uint8Array): FileFormat {
  const text = Buffer.from(head)
    .toString("latin1")
    .replace(/^\u00ef\u00bb\u00bf/, "")
    .trimStart();
  if (text.startsWith("[")) return "json";
  if (!text.startsWith("{")) return "csv";
  // One object a line, or one over several.
  return /^\{.*\}\s*(\n|$)/.test(text) ? "ndjson" : "json";
}
