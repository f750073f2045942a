import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ZipFile } from "yazl";
import { readXlsx } from "./read-xlsx.ts";
import { XlsxError } from "./xlsx-error.ts";

type Parts = Record<string, string | Buffer>;

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "clientele-xlsx-"));
});
afterAll(() => rm(folder, { recursive: true }));

const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const relationships = (them: Record<string, [kind: string, target: string]>) =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${Object.entries(them)
    .map(([id, [kind, target]]) => `<Relationship Id="${id}" Type="${kinds}/${kind}" Target="${target}"/>`)
    .join("")}</Relationships>`;
const sheetOf = (rows: string, before = "") =>
  `<worksheet xmlns="${main}">${before}<sheetData>${rows}</sheetData></worksheet>`;

/** The parts of a workbook with one sheet, which a test can replace. */
const workbookOf = (rows: string, parts: Parts = {}): Parts => ({
  "_rels/.rels": relationships({ rId1: ["officeDocument", "xl/workbook.xml"] }),
  "xl/workbook.xml": `<workbook xmlns="${main}" xmlns:r="${kinds}"><sheets><sheet name="People" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  "xl/_rels/workbook.xml.rels": relationships({
    rId1: ["worksheet", "worksheets/sheet1.xml"],
    rId2: ["styles", "styles.xml"],
    rId3: ["sharedStrings", "sharedStrings.xml"],
  }),
  "xl/worksheets/sheet1.xml": sheetOf(rows),
  ...parts,
});
const inline = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
const headings = `<row>${inline("a")}${inline("b")}${inline("c")}</row>`;

const zipOf = (parts: Parts): Promise<Buffer> => {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(parts)) zip.addBuffer(Buffer.from(content as string), name);
  zip.end();
  return buffer(zip.outputStream);
};
const save = async (bytes: Buffer): Promise<string> => {
  const path = join(folder, `${files++}.xlsx`);
  await writeFile(path, bytes);
  return path;
};
const inflatedBytesMax = 10_000_000;
const read = async (parts: Parts | Buffer, options: { sheet?: string; inflatedBytesMax?: number } = {}) => {
  const path = await save(Buffer.isBuffer(parts) ? parts : await zipOf(parts));
  const table = await readXlsx(path, { inflatedBytesMax, ...options });
  return { ...table, rows: (await Array.fromAsync(table.rows)).flat() };
};
const cellsOf = async (row: string, parts: Parts = {}) =>
  (await read(workbookOf(`${headings}<row>${row}</row>`, parts))).rows.map(({ cells }) => cells)[0];
const refusal = async (parts: Parts | Buffer, options = {}) => {
  const problem = await read(parts, options).catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(XlsxError);
  return (problem as XlsxError).message;
};
const sharedStrings = (...items: string[]) => ({
  "xl/sharedStrings.xml": `<sst xmlns="${main}">${items.map((item) => `<si>${item}</si>`).join("")}</sst>`,
});
const styles = (...patterns: string[]) => ({
  "xl/styles.xml": `<styleSheet xmlns="${main}"><numFmts>${patterns
    .map(
      (pattern, index) =>
        `<numFmt numFmtId="${200 + index}" formatCode="${pattern.replaceAll('"', "&quot;")}"/>`,
    )
    .join("")}</numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs>${patterns
    .map((_, index) => `<xf numFmtId="${200 + index}"/>`)
    .join(
      "",
    )}<xf numFmtId="14"/></cellXfs><dxfs><dxf><numFmt numFmtId="200" formatCode="0%"/></dxf></dxfs></styleSheet>`,
});

describe("rows and cells", () => {
  test("the first row with text contains the headings; line numbers are those of the sheet", async () => {
    const table = await read(
      workbookOf(
        `<row r="2"/><row r="3">${inline(" ")}</row><row r="4">${inline(" Name ")}${inline("Mail")}</row>
         <row r="7" hidden="1">${inline("Ann")}</row><row r="8"><c r="A8" s="3"/></row><row r="9">${inline("Bob")}</row>`,
      ),
    );
    expect(table.headings).toEqual(["Name", "Mail"]);
    expect(table.rows).toEqual([
      { line: 7, cells: ["Ann"] },
      { line: 9, cells: ["Bob"] },
    ]);
  });

  test("cells are at their references; rows and cells without one follow the previous ones", async () => {
    const { rows } = await read(
      workbookOf(
        `${headings}<row><c r="B2"><v>1</v></c><c><v>2</v></c><c r="AB2"><v>3</v></c><c r="AC2"/></row><row>${inline("x")}</row>`,
      ),
    );
    expect(rows[0]!.cells).toEqual(["", "1", "2", ...Array(24).fill(""), "3"]);
    expect(rows[1]).toEqual({ line: 3, cells: ["x"] });
  });

  test("each cell type is read as its displayed text", async () => {
    const cells = await cellsOf(
      `<c t="s"><v>1</v></c><c t="b"><v>1</v></c><c t="b"><v>0</v></c><c t="e"><v>#N/A</v></c>
       <c t="str"><f>A1&amp;"x"</f><v>cached_x000A_</v></c><c><f>1+1</f><v>2</v></c><c><f>1+1</f></c>
       <c t="d"><v>2024-02-29T00:00:00</v></c><c t="d"><v>2024-02-29T12:30:00.000Z</v></c>`,
      sharedStrings("<t>no</t>", "<t>shared</t>"),
    );
    expect(cells).toEqual([
      ...["shared", "true", "false", "#N/A", "cached\n", "2", ""],
      ...["2024-02-29", "2024-02-29T12:30:00"],
    ]);
  });

  test("texts: runs, phonetic hints, escapes, entities, white space, CDATA", async () => {
    const texts = [
      "<r><rPr><b/></rPr><t>Mül</t></r><r><t>ler</t></r>",
      '<t>山田</t><rPh sb="0" eb="2"><t>ヤマダ</t></rPh><phoneticPr fontId="1"/>',
      "<t>a_x000D_b _x005F_x0041_ _xZZZZ_</t>",
      "<t>&lt;A&amp;B&gt; &#x1F600; 😀</t>",
      "<t>\n  trimmed\u00a0 </t>",
      '<t xml:space="preserve"> kept </t>',
      "<t><![CDATA[<raw>]]></t>",
      "<t/>",
    ];
    const cells = await cellsOf(
      `${texts.map((_, index) => `<c t="s"><v>${index}</v></c>`).join("")}<c t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c>`,
      sharedStrings(...texts),
    );
    expect(cells).toEqual([
      ...[
        "Müller",
        "山田",
        "a\rb _x0041_ _xZZZZ_",
        "<A&B> 😀 😀",
        "trimmed\u00a0",
        " kept ",
        "<raw>",
        "",
        "inline",
      ],
    ]);
  });

  test("numbers in built-in and custom formats of their style", async () => {
    const parts = styles("00000", "dd.mm.yyyy");
    const row =
      '<c s="0"><v>1067</v></c><c s="1"><v>45351</v></c><c s="2"><v>45351.5</v></c><c s="9"><v>5</v></c>';
    expect(await cellsOf(row, parts)).toEqual(["01067", "2024-02-29", "2024-02-29", "5"]);
  });

  test("an invalid format is ignored", async () => {
    expect(await cellsOf('<c s="0"><v>5</v></c>', styles(`0"${"x".repeat(255)}"`))).toEqual(["5"]);
  });

  test("dates that start in 1904", async () => {
    const workbook = workbookOf("")["xl/workbook.xml"] as string;
    const parts = {
      ...styles("yyyy"),
      "xl/workbook.xml": workbook.replace("<sheets>", '<workbookPr date1904="1"/><sheets>'),
    };
    expect(await cellsOf('<c s="0"><v>0</v></c><c s="0"><v>43889</v></c>', parts)).toEqual([
      "1904-01-01",
      "2024-02-29",
    ]);
  });

  test("prefixes, the strict namespaces, absolute targets, UTF-16, names in another case", async () => {
    const strict = "http://purl.oclc.org/ooxml/spreadsheetml/main";
    const strictKinds = "http://purl.oclc.org/ooxml/officeDocument/relationships";
    const sheet = `<?xml version="1.0" encoding="UTF-16"?><x:worksheet xmlns:x="${strict}" xmlns:y="urn:other"><x:sheetData><x:row><y:c><x:v>9</x:v></y:c><x:c t="str"><x:v>é</x:v></x:c></x:row></x:sheetData></x:worksheet>`;
    const table = await read({
      "_rels/.rels": relationships({ a: ["officeDocument", "/XL/Workbook.xml"] }).replaceAll(
        kinds,
        strictKinds,
      ),
      "xl/workbook.xml": `<x:workbook xmlns:x="${strict}" xmlns:q="${strictKinds}"><x:sheets><x:sheet name="S" sheetId="1" q:id="b"/></x:sheets></x:workbook>`,
      "xl/_rels/workbook.xml.rels": relationships({ b: ["worksheet", "/xl/s.xml"] }).replaceAll(
        kinds,
        strictKinds,
      ),
      "xl/s.xml": Buffer.from(`\ufeff${sheet}`, "utf16le"),
    });
    expect(table.headings).toEqual(["é"]);
  });

  test("more shared strings than fit in memory, in any order; leaves no file behind", async () => {
    const long = "x".repeat(500);
    const count = 10_000;
    const order = Array.from({ length: count }, (_, index) => (index * 7919) % count);
    const parts = workbookOf(
      headings + order.map((index) => `<row><c t="s"><v>${index}</v></c></row>`).join(""),
      sharedStrings(...Array.from({ length: count }, (_, index) => `<t>${index} ${long}</t>`)),
    );
    const { rows } = await read(parts);
    expect(rows.map(({ cells }) => cells[0])).toEqual(order.map((index) => `${index} ${long}`));
    expect(await readdir(folder)).toHaveLength(files);
  });
});

describe("sheets", () => {
  const sheet = (name: string, id: number, state = "") =>
    `<sheet name="${name}" sheetId="${id}" r:id="rId${id}" ${state}/>`;
  const parts = {
    ...workbookOf(""),
    "xl/workbook.xml": `<workbook xmlns="${main}" xmlns:r="${kinds}"><sheets>${sheet("Chart", 9)}${sheet("Old", 1, 'state="veryHidden"')}${sheet("New &amp; good", 2)}${sheet("Blank", 3)}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": relationships({
      rId1: ["worksheet", "1.xml"],
      rId2: ["worksheet", "2.xml"],
      rId3: ["worksheet", "3.xml"],
      rId9: ["chartsheet", "9.xml"],
    }),
    "xl/1.xml": sheetOf(`<row>${inline("old")}</row>`),
    "xl/2.xml": sheetOf(`<row r="3">${inline("new")}</row>`, '<dimension ref="A3:F1003"/>'),
    "xl/3.xml": sheetOf(""),
  };

  test("reads the first visible sheet, or the named one", async () => {
    expect(await read(parts)).toEqual({
      headings: ["new"],
      sheets: ["Old", "New & good", "Blank"],
      rowsEstimated: 1000,
      rows: [],
    });
    expect(await read(parts, { sheet: "old" })).toMatchObject({ headings: ["old"], rowsEstimated: null });
  });

  test("refuses a missing or empty sheet", async () => {
    expect(await refusal(parts, { sheet: "Olds" })).toBe(
      'has no sheet "Olds"; the sheets are "Old", "New & good", "Blank"',
    );
    expect(await refusal(parts, { sheet: "Blank" })).toBe('has no cells in the sheet "Blank"');
  });
});

describe("invalid files", () => {
  const good = workbookOf(headings + `<row>${inline("x")}</row>`.repeat(200));

  test("files that are not workbooks", async () => {
    const compound = (name: string) => {
      const bytes = Buffer.alloc(1024);
      bytes.write("d0cf11e0a1b11ae1", "hex");
      bytes.writeUInt16LE(9, 30);
      bytes.write(name, 600, "utf16le");
      return bytes;
    };
    const notWorkbook = "is a zip archive, but not an XLSX workbook";
    const binary = {
      "_rels/.rels": relationships({ a: ["officeDocument", "xl/workbook.bin"] }),
      "xl/workbook.bin": "",
    };
    const document = {
      "_rels/.rels": relationships({ a: ["officeDocument", "word/document.xml"] }),
      "word/document.xml": "<w:document/>",
    };
    expect(await refusal(Buffer.alloc(0))).toBe("is empty");
    expect(await refusal(Buffer.from("name;mail\nAnn;a@b.c"))).toBe("is not an XLSX workbook");
    expect(await refusal(compound("EncryptedPackage"))).toContain("password");
    expect(await refusal(compound("Workbook"))).toContain("Excel 97-2003");
    expect(await refusal(await zipOf({ "a.txt": "a" }))).toBe(notWorkbook);
    expect(await refusal(binary)).toContain(".xlsb");
    expect(await refusal(document)).toBe("is not an XLSX workbook");
  });

  test("a workbook or a text that exceeds the unpacked size limit", async () => {
    const text = "x".repeat(2_000_000);
    expect(await refusal(good, { inflatedBytesMax: 5_000 })).toBe("is too large when unpacked");
    expect(await refusal(workbookOf(headings + inline(text)))).toContain("has a text that is too long");
    expect(await refusal(workbookOf(`<row>${inline("a".repeat(200_001))}</row>`))).toContain(
      "200000 characters",
    );
    const pieces = `${"a".repeat(100_000)}<x/>`.repeat(3);
    expect(await refusal(workbookOf(`<row><c><v>${pieces}</v></c></row>`))).toContain("200000 characters");
    const longRow = '<c t="s"><v>0</v></c>'.repeat(50);
    expect(
      await refusal(
        workbookOf(`<row r="5">${longRow}</row>`, sharedStrings(`<t>${"a".repeat(190_000)}</t>`)),
      ),
    ).toBe("must have at most 8000000 characters per row, see line 5");
    expect(await refusal(workbookOf(`<row><c r="ZZZZZZZZ1"><v>1</v></c></row>`))).toContain("more columns");
  });

  test("damaged parts", async () => {
    const xml = (rows: string, parts = {}) => refusal(workbookOf(`<row>${rows}</row>`, parts));
    expect(await xml("<c>")).toBe('is damaged: its part "xl/worksheets/sheet1.xml" is not well-formed XML');
    expect(await xml("<c t='s'><v>7</v></c>", sharedStrings("<t>one</t>"))).toContain("a missing text");
    expect(await xml("<c t='s'><v>7</v></c>")).toContain("a missing text");
    expect(await xml("<c t='s'><v>-1</v></c>")).toContain('a text as "-1"');
    expect(await xml("<c r='7'><v>1</v></c>")).toContain('a cell has the reference "7"');
    expect(await xml("<c><v><c/>1</v></c>")).toContain("a cell within a cell");
    expect(await xml("&bomb;")).toContain("not well-formed");
    const { "xl/worksheets/sheet1.xml": _, ...withoutSheet } = good;
    expect(await refusal(withoutSheet)).toBe('is damaged: it has no part "xl/worksheets/sheet1.xml"');
    expect(await refusal({ ...good, "xl/worksheets/sheet1.xml": Buffer.from([60, 255, 62]) })).toContain(
      "not Unicode",
    );
  });

  test("a workbook truncated or changed at any byte is read completely or refused", async () => {
    const bytes = await zipOf(good);
    for (let length = 1; length < bytes.length; length += 53) await refusal(bytes.subarray(0, length));
    const whole = await read(bytes);
    for (let at = 0; at < bytes.length; at += 11) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1 << (at % 8);
      const table = await read(changed).catch((error: unknown) => error);
      if (!(table instanceof XlsxError))
        expect(table).toMatchObject({ headings: whole.headings, rows: whole.rows });
    }
  });
});

test("closes its files when the rows are not read, or not to the end", async () => {
  const openFiles = async () => (await readdir("/proc/self/fd").catch(() => [])).length;
  const path = await save(await zipOf(workbookOf(headings + `<row>${inline("x")}</row>`.repeat(20_000))));
  const before = await openFiles();
  for (let time = 0; time < 10; time++) {
    const { rows } = await readXlsx(path, { inflatedBytesMax });
    for await (const batch of rows) if (batch.length > 0) break;
  }
  await readFile(path);
  expect(await openFiles()).toBeLessThan(before + 5);
});
