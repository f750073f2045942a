import { Problem } from "@clientele/contract/errors";
import fc from "fast-check";
import { describe, expect, inject, test } from "vitest";
import { encoders, inPieces } from "./corpus/bytes.ts";
import { refusedFiles, type UglyFile, uglyFiles } from "./corpus/ugly-csv.ts";
import { readCsv } from "./csv.ts";
import { decoded } from "./decode.ts";
import { openEncodingDetector } from "./encoding.ts";

type Cut = (index: number) => number;
const whole: Cut = () => Number.MAX_SAFE_INTEGER;

/** Reads a file like an import: once for its encoding, once for its rows. */
async function read(file: Buffer, cut: Cut = whole, delimiter?: string): Promise<Omit<UglyFile, "bytes">> {
  const detector = openEncodingDetector();
  for await (const piece of inPieces(file, cut)) detector.see(piece);
  const text = decoded(inPieces(file, cut), detector.found());
  const table = await readCsv(text, { delimiter });
  const rows: UglyFile["rows"] = [];
  for await (const batch of table.rows) for (const { line, cells } of batch) rows.push([line, ...cells]);
  return { headings: [...table.headings], rows };
}

async function refusalOf(file: Buffer, cut?: Cut): Promise<string> {
  const error = await read(file, cut).then(
    () => "It was read.",
    (problem: unknown) => problem,
  );
  if (!(error instanceof Problem)) throw error;
  expect(error.code).toBe("IMPORT_FILE_INVALID");
  return error.fieldErrors.map(({ message }) => message).join();
}

describe("an ugly file is read", () => {
  test.each(Object.entries(uglyFiles))("%s", async (_name, { bytes, headings, rows }) => {
    expect(await read(bytes)).toEqual({ headings, rows });
    const lengths = bytes.length > 100_000 ? [10_007] : [1, 2, 3, 7];
    for (const length of lengths) expect(await read(bytes, () => length)).toEqual({ headings, rows });
  });
});

describe("a file is refused, and where it is broken is said", () => {
  test.each(Object.entries(refusedFiles))("%s", async (_name, [bytes, message]) => {
    expect(await refusalOf(bytes)).toBe(message);
    const length = bytes.length > 10_000 ? 50_021 : 1;
    expect(await refusalOf(bytes, () => length)).toBe(message);
  });
});

test("a delimiter that is given is the delimiter", async () => {
  expect(await read(Buffer.from("a,b;c\n1,2;3\n"), whole, ";")).toEqual({
    headings: ["a,b", "c"],
    rows: [[2, "1,2", "3"]],
  });
});

test("what a file says after the piece that is read does not matter yet", async () => {
  async function* endless() {
    yield "a,b\n";
    for (;;) yield "1,2\n".repeat(1_000);
  }
  let rows = 0;
  for await (const batch of (await readCsv(endless())).rows) {
    rows += batch.length;
    if (rows > 100_000) break;
  }
  expect(rows).toBeGreaterThan(100_000);
});

/** Quotes like a careful writer. */
const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
const written = (cell: string, quoteAll: boolean, delimiter: string): string =>
  quoteAll || cell === "" || /["\r\n]/.test(cell) || cell.includes(delimiter) ? quoted(cell) : cell;

const letter = fc.constantFrom(..."abc019 äüß€,;\t|\"'=\r\n".split(""), "\r\n", '""', "李", "😀");
const cell = fc.array(letter, { maxLength: 8 }).map((letters) => letters.join(""));
const table = fc
  .integer({ min: 1, max: 5 })
  .chain((columns) =>
    fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 8 }),
  );

test("any table is read as it was written, in any encoding, with any delimiter and line end, however it is cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.constantFrom(",", ";", "\t", "|"),
      fc.array(fc.constantFrom("\r\n", "\n", "\r"), { minLength: 9, maxLength: 9 }),
      fc.constantFrom("utf-8" as const, "utf-16le" as const, "utf-16be" as const, "windows-1252" as const),
      fc.boolean(),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 10 }),
      async (rows, delimiter, lineEnds, encoding, quoteAll, lengths) => {
        const headings = rows[0]!.map((_, index) => `h${index}`);
        const isWide = encoding === "windows-1252";
        // Starts with an accent, which distinguishes Windows-1252 from UTF-8.
        const cells = [[...headings, "é"], ...rows.map((row) => [...row, "x"])].map((row) =>
          isWide ? row.map((value) => value.replace(/[李😀]/gu, "?")) : row,
        );
        const lines = cells.map((row) =>
          row.map((value) => written(value, quoteAll, delimiter)).join(delimiter),
        );
        const text = lines.map((line, index) => line + lineEnds[index]!).join("");
        const mark = encoding === "windows-1252" ? "" : "\ufeff";
        const file = encoders[encoding](mark + text);
        const result = await read(file, (index) => lengths[index % lengths.length]!, delimiter);
        let line = 2;
        const expected = cells.slice(1).map((row, index) => {
          const at = line;
          line += 1 + (lines[index + 1]!.match(/\r\n|\r|\n/g)?.length ?? 0);
          return [at, ...row];
        });
        expect(result).toEqual({ headings: cells[0], rows: expected });
      },
    ),
    { numRuns: 200 * inject("random").scale },
  );
});

test("bytes of any kind are a table or a refusal, nothing else", async () => {
  const piece = fc.constantFrom('"', '""', ",", ";", "\t", "\r", "\n", "a", "ü", "\0", "\ufeff", "sep=", " ");
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((value) => Buffer.from(value)),
    fc.array(piece, { maxLength: 40 }).map((value) => Buffer.from(value.join(""))),
    fc.array(piece, { maxLength: 40 }).map((value) => Buffer.from(value.join(""), "utf16le")),
  );
  await fc.assert(
    fc.asyncProperty(bytes, fc.integer({ min: 1, max: 20 }), async (file, length) => {
      const once = await read(file).catch((error: unknown) => error);
      if (once instanceof Error) expect(once).toBeInstanceOf(Problem);
      // The result does not depend on the chunks.
      const again = await read(file, () => length).catch((error: unknown) => error);
      expect(String(again)).toBe(String(once));
      if (!(once instanceof Error)) expect(again).toEqual(once);
    }),
    { numRuns: 500 * inject("random").scale },
  );
});
