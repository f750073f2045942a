export type FileFormat = "csv" | "ndjson" | "json" | "xlsx";

const byType: Readonly<Record<string, FileFormat>> = {
  "text/csv": "csv",
  "text/tab-separated-values": "csv",
  "application/x-ndjson": "ndjson",
  "application/json": "json",
};
const byExtension: Readonly<Record<string, FileFormat>> = {
  csv: "csv",
  tsv: "csv",
  txt: "csv",
  ndjson: "ndjson",
  jsonl: "ndjson",
  json: "json",
};

// The second is the container of Excel 97 and of password-protected workbooks, which the reader reports.
const workbooks = [Buffer.from("504b0304", "hex"), Buffer.from("d0cf11e0a1b11ae1", "hex")];

/**
 * The format by the first bytes, then by the stated type. Browsers derive the type from installed programs and may call
 * a CSV file a workbook, so only its bytes make a file a workbook.
 */
export function formatOf(type: string, name: string, head: Uint8Array): FileFormat {
  if (workbooks.some((bytes) => bytes.equals(head.subarray(0, bytes.length)))) return "xlsx";
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return byType[type] ?? byExtension[extension] ?? byContent(head);
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
