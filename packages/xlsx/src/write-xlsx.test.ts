import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readXlsx } from "./read-xlsx.ts";
import { writeXlsx } from "./write-xlsx.ts";

type Row = readonly string[];

let path: string;
beforeAll(async () => {
  path = join(await mkdtemp(join(tmpdir(), "clientele-xlsx-")), "customers.xlsx");
});
afterAll(() => rm(join(path, ".."), { recursive: true }));

async function* inBatches(rows: readonly Row[], size = 3): AsyncGenerator<readonly Row[]> {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
}
const writeAndRead = async (
  headings: Row,
  rows: readonly Row[],
  { sheet, rowsMax }: { sheet?: string; rowsMax?: number } = {},
) => {
  await pipeline(writeXlsx("A & B", headings, inBatches(rows), rowsMax), createWriteStream(path));
  const table = await readXlsx(path, {
    inflatedBytesMax: 100_000_000,
    ...(sheet === undefined ? {} : { sheet }),
  });
  const read = (await Array.fromAsync(table.rows)).flat();
  return { headings: table.headings, sheets: table.sheets, rows: read.map(({ cells }) => cells), read };
};

test("writes every cell as text, whatever it looks like", async () => {
  const row = [
    "=1+1",
    "+49 170 1234567",
    "007",
    "-5",
    "@x",
    "1.2.1990",
    "TRUE",
    "#N/A",
    " a ",
    "a\r\nb\tc",
    "",
    "<&>\"'",
  ];
  const headings = row.map((_, index) => `Heading ${index}`);
  expect(await writeAndRead(headings, [row])).toMatchObject({ headings, rows: [row], sheets: ["A & B"] });
});

test("reads back any characters as written", async () => {
  const odd = fc.constantFrom(
    "_x0041_",
    "_x0041",
    "_",
    "x000D_",
    "\u0000",
    "\r",
    "\ud800",
    "\udfff",
    "\uffff",
    "\u0085",
    "]]>",
    "😀",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc
      .array(
        fc.oneof(
          odd,
          fc.string({ unit: fc.nat(0xffff).map((value) => String.fromCharCode(value)), maxLength: 2 }),
        ),
      )
      .map((value) => value.join("")),
  );
  // Empty cells at the end and blank rows are not read.
  const cells = fc.array(text, { maxLength: 20 }).map((them) => [...them, "."]);
  await fc.assert(
    fc.asyncProperty(fc.array(cells, { maxLength: 8 }), cells, async (rows, headings) => {
      const trimmed = headings.map((heading) => heading.trim());
      expect(await writeAndRead(headings, rows)).toMatchObject({ headings: trimmed, rows });
    }),
    { numRuns: 25 },
  );
});

test("rows beyond the limit of a sheet continue in the next one with the same headings", async () => {
  const rows = Array.from({ length: 8 }, (_, index) => [`${index}`]);
  const first = await writeAndRead(["n"], rows, { rowsMax: 4 });
  expect(first).toMatchObject({
    sheets: ["A & B", "A & B 2", "A & B 3"],
    headings: ["n"],
    rows: rows.slice(0, 3),
  });
  const second = await writeAndRead(["n"], rows, { rowsMax: 4, sheet: "A & B 2" });
  expect(second).toMatchObject({ headings: ["n"], rows: rows.slice(3, 6) });
  const third = await writeAndRead(["n"], rows, { rowsMax: 4, sheet: "A & B 3" });
  expect(third.read).toEqual([
    { line: 2, cells: ["6"] },
    { line: 3, cells: ["7"] },
  ]);
  const fitting = await writeAndRead(["n"], rows.slice(0, 6), { rowsMax: 4 });
  expect(fitting.sheets).toHaveLength(2);
});

test("writes headings without rows", async () => {
  expect(await writeAndRead(["n"], [])).toMatchObject({ headings: ["n"], rows: [], sheets: ["A & B"] });
});

test("reads rows as the workbook is consumed, and stops when the reader stops", async () => {
  let asked = 0;
  let closed = false;
  async function* endless(): AsyncGenerator<readonly Row[]> {
    try {
      for (;;) {
        asked++;
        yield Array.from({ length: 1000 }, () => [Math.random().toString(36).repeat(20)]);
      }
    } finally {
      closed = true;
    }
  }
  const workbook = writeXlsx("Customers", ["n"], endless());
  await workbook.next();
  for (let turn = 0; turn < 1_000; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toBeLessThan(30);
  await workbook.return(undefined);
  expect(closed).toBe(true);
});

test("an error of the rows fails the workbook", async () => {
  async function* failing(): AsyncGenerator<readonly Row[]> {
    yield [["1"]];
    throw new Error("the database went away");
  }
  await expect(Array.fromAsync(writeXlsx("Customers", ["n"], failing()))).rejects.toThrow(
    "the database went away",
  );
});
