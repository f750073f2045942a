import { utf8, utf16be, utf16le, windows1252 } from "./bytes.ts";

/** A file and the expected result: the headings, and each row's first line and cells. */
export type UglyFile = { bytes: Buffer; headings: string[]; rows: [line: number, ...cells: string[]][] };

const names = "name,city\r\nMüller,Köln\r\n";
const namesRead = { headings: ["name", "city"], rows: [[2, "Müller", "Köln"]] } satisfies Partial<UglyFile>;
const long = "x".repeat(200_000);

export const uglyFiles: Record<string, UglyFile> = {
  "UTF-8": { bytes: utf8(names), ...namesRead },
  "UTF-8 with a mark": { bytes: utf8(`\ufeff${names}`), ...namesRead },
  "UTF-16LE with a mark": { bytes: utf16le(`\ufeff${names}`), ...namesRead },
  "UTF-16BE with a mark": { bytes: utf16be(`\ufeff${names}`), ...namesRead },
  "UTF-16LE without a mark": { bytes: utf16le(names), ...namesRead },
  "UTF-16BE without a mark": { bytes: utf16be(names), ...namesRead },
  "Windows-1252": { bytes: windows1252(names), ...namesRead },
  "UTF-16LE without a mark, hardly a Latin letter in it": {
    bytes: utf16le("名前;電話\n山田一郎;03-1234\n鈴木一一;06-5678\n"),
    headings: ["名前", "電話"],
    rows: [
      [2, "山田一郎", "03-1234"],
      [3, "鈴木一一", "06-5678"],
    ],
  },
  "the signs that Windows-1252 has and Latin-1 has not": {
    bytes: windows1252("note\nŠíma’s “5 €” – Œuvre™"),
    headings: ["note"],
    rows: [[2, "Šíma’s “5 €” – Œuvre™"]],
  },
  "characters of two to four bytes": {
    bytes: utf8("name,mood\nŁukasz,😀\n李,👩‍👩‍👧\n"),
    headings: ["name", "mood"],
    rows: [
      [2, "Łukasz", "😀"],
      [3, "李", "👩‍👩‍👧"],
    ],
  },

  "Excel's first line": {
    bytes: utf8("sep=;\r\nname;price\r\nA,B;1,5\r\n"),
    headings: ["name", "price"],
    rows: [[3, "A,B", "1,5"]],
  },
  "Excel's first line with a delimiter of its own": {
    bytes: utf8('"sep=^"\na^b\n1^2'),
    headings: ["a", "b"],
    rows: [[3, "1", "2"]],
  },
  "semicolons, and commas in every price": {
    bytes: utf8("name;price;date\nA;1,50;1.2.1990\nB;2,50;\nC;0,99;3.4.2001\n"),
    headings: ["name", "price", "date"],
    rows: [
      [2, "A", "1,50", "1.2.1990"],
      [3, "B", "2,50", ""],
      [4, "C", "0,99", "3.4.2001"],
    ],
  },
  "tabs, and commas in the text": {
    bytes: utf8("name\tnote\nMüller, Hans\ta, b, c\nGül\t\n"),
    headings: ["name", "note"],
    rows: [
      [2, "Müller, Hans", "a, b, c"],
      [3, "Gül", ""],
    ],
  },
  bars: { bytes: utf8("a|b\n1|2\n"), headings: ["a", "b"], rows: [[2, "1", "2"]] },
  "delimiters of another kind inside quotes": {
    bytes: utf8('a,b\n"1;2;3",";;"\n"4;5;6",";;"\n'),
    headings: ["a", "b"],
    rows: [
      [2, "1;2;3", ";;"],
      [3, "4;5;6", ";;"],
    ],
  },
  "one column": {
    bytes: utf8("name\nHans\nGül\n"),
    headings: ["name"],
    rows: [
      [2, "Hans"],
      [3, "Gül"],
    ],
  },
  "one column with commas": {
    bytes: utf8("name\nMüller, Hans\nDemir, Gül\n"),
    headings: ["name"],
    rows: [
      [2, "Müller, Hans"],
      [3, "Demir, Gül"],
    ],
  },

  "line ends of every kind": {
    bytes: utf8("a,b\r\n1,2\n3,4\r5,6\r\n7,8"),
    headings: ["a", "b"],
    rows: [
      [2, "1", "2"],
      [3, "3", "4"],
      [4, "5", "6"],
      [5, "7", "8"],
    ],
  },
  "line ends of an old Mac": {
    bytes: utf8("a,b\r1,2\r\r3,4\r"),
    headings: ["a", "b"],
    rows: [
      [2, "1", "2"],
      [4, "3", "4"],
    ],
  },
  "no line end at the end": { bytes: utf8("a,b\n1,2"), headings: ["a", "b"], rows: [[2, "1", "2"]] },
  "line breaks in quotes": {
    bytes: utf8('a,b\r\n"1\r\n\r\n2","3\n4\r5"\r\n6,7\r\n'),
    headings: ["a", "b"],
    rows: [
      [2, "1\r\n\r\n2", "3\n4\r5"],
      [7, "6", "7"],
    ],
  },
  "line breaks in the headings": {
    bytes: utf8('"first\nname",b\n1,2\n'),
    headings: ["first\nname", "b"],
    rows: [[3, "1", "2"]],
  },
  "blank lines, before the headings too": {
    bytes: utf8("\n  \na,b\n\n\n1,2\n \t \n3,4\n\n\n"),
    headings: ["a", "b"],
    rows: [
      [6, "1", "2"],
      [8, "3", "4"],
    ],
  },
  "rows of delimiters, as a spreadsheet leaves them": {
    bytes: utf8('a;b;c\n;;\n1;2;3\n;;\n"";"";""\n; ;\n'),
    headings: ["a", "b", "c"],
    rows: [[3, "1", "2", "3"]],
  },

  "ragged rows": {
    bytes: utf8("a,b,c\n1\n1,2\n1,2,3\n1,2,3,4\n1,2,3\n"),
    headings: ["a", "b", "c"],
    rows: [
      [2, "1"],
      [3, "1", "2"],
      [4, "1", "2", "3"],
      [5, "1", "2", "3", "4"],
      [6, "1", "2", "3"],
    ],
  },
  "a delimiter at the end of each row": {
    bytes: utf8("a,b,\n1,2,\n3,4,\n"),
    headings: ["a", "b", ""],
    rows: [
      [2, "1", "2", ""],
      [3, "3", "4", ""],
    ],
  },
  "empty and repeated headings": {
    bytes: utf8("name,,name,  ,e-mail\n1,2,3,4,5\n"),
    headings: ["name", "", "name", "", "e-mail"],
    rows: [[2, "1", "2", "3", "4", "5"]],
  },
  "space around headings, of every kind": {
    bytes: utf8(" a ,\u00a0b\u00a0,\u3000c\u2003,\td\t\n 1 ,\u00a02\u00a0,\u30003,\t4\n"),
    headings: ["a", "b", "c", "d"],
    rows: [[2, " 1 ", "\u00a02\u00a0", "\u30003", "\t4"]],
  },
  "headings alone": { bytes: utf8("a;b;c\r\n"), headings: ["a", "b", "c"], rows: [] },

  "quotes in quotes": {
    bytes: utf8('a,b\n"say ""hello""",""""\n"","x"\n'),
    headings: ["a", "b"],
    rows: [
      [2, 'say "hello"', '"'],
      [3, "", "x"],
    ],
  },
  "quotes in the middle": {
    bytes: utf8('a,b\n5" pipe,O"Neil\nthe "best",x\n'),
    headings: ["a", "b"],
    rows: [
      [2, '5" pipe', 'O"Neil'],
      [3, 'the "best"', "x"],
    ],
  },
  "text after a closing quote": {
    bytes: utf8('a,b\n"x"y,1\n"x, y" ,2\n'),
    headings: ["a", "b"],
    rows: [
      [2, '"x"y', "1"],
      [3, '"x, y" ', "2"],
    ],
  },

  "leading zeros, long numbers, exponents": {
    bytes: utf8("zip,id,code\n01067,00049301234567,1E5\n"),
    headings: ["zip", "id", "code"],
    rows: [[2, "01067", "00049301234567", "1E5"]],
  },
  "what a spreadsheet would compute": {
    bytes: utf8("a,b,c,d\n'=1+1,=SUM(A1),+49 30 1,-@x\n"),
    headings: ["a", "b", "c", "d"],
    rows: [[2, "'=1+1", "=SUM(A1)", "+49 30 1", "-@x"]],
  },
  "a mark in the middle, and control characters": {
    bytes: utf8("a,b\n\ufeff1,x\u000by\u001a\n"),
    headings: ["a", "b"],
    rows: [[2, "\ufeff1", "x\u000by\u001a"]],
  },
  "the longest cell": { bytes: utf8(`a,b\n1,${long}\n`), headings: ["a", "b"], rows: [[2, "1", long]] },
  "the widest row": {
    bytes: utf8(`a,b\n1${",".repeat(1_999)}\n`),
    headings: ["a", "b"],
    rows: [[2, "1", ...Array<string>(1_999).fill("")]],
  },
};

/** Refused files, with their errors. */
export const refusedFiles: Record<string, [Buffer, string]> = {
  "nothing at all": [utf8(""), "is empty"],
  "a mark alone": [utf8("\ufeff"), "is empty"],
  "blank lines alone": [utf8("\n \r\n\n"), "is empty"],
  "Excel's first line alone": [utf8("sep=;\n"), "is empty"],
  "a quote that is never closed": [
    utf8('a,b\n1,2\n\n3,"4\n5,6\n7,8\n'),
    "has a quote in the row at line 4 that is never closed",
  ],
  "a quote that is never closed after line breaks that are": [
    utf8('a,b\r\n"1\r\n2",3\r\n4,"5\r\n'),
    "has a quote in the row at line 4 that is never closed",
  ],
  "a quote that is closed nine megabytes later": [
    utf8(`a,b\n1,2\n3,"4\n${"5,6\n".repeat(2_300_000)}"\n`),
    "has a row at line 3 that does not end: is a quote not closed?",
  ],
  "a cell that is too long": [
    utf8(`a,b\n1,2\n3,${long}x\n`),
    "must have at most 200000 characters per cell, see line 3",
  ],
  "a row that is too wide": [
    utf8(`a,b\n1${",".repeat(2_000)}\n`),
    "must have at most 2000 columns, but has 2001 at line 2",
  ],
  "a NUL": [utf8("a,b\n1,\0\n"), "is not text: it contains a NUL character at byte 6"],
  "a NUL far in": [
    utf8(`a,b\n${"1,2\n".repeat(20_000)}\0`),
    "is not text: it contains a NUL character at byte 80004",
  ],
  "a NUL in UTF-16": [utf16le("\ufeffa,b\n1,\0\n"), "is not text: it contains a NUL character"],
  "half a character of UTF-16": [
    utf16le("\ufeffa,b\n1,2").subarray(0, -1),
    "contains text that is not UTF-16LE",
  ],
  "half a pair of UTF-16": [utf16be("\ufeffa,b\n1,\ud83d\n"), "contains text that is not UTF-16BE"],
  "UTF-8 that is broken later on": [
    Buffer.concat([utf8("name\nMüller\nKöln\n"), windows1252("Gül\n")]),
    "contains invalid UTF-8 at line 4: save it as UTF-8 again",
  ],
  "UTF-8 that is cut off within a character": [
    utf8("name\nMüller\nGü").subarray(0, -1),
    "contains invalid UTF-8 at line 3: save it as UTF-8 again",
  ],
  "a mark of UTF-8 before Windows-1252": [
    Buffer.concat([utf8("\ufeffname\n"), windows1252("Gül\n")]),
    "contains invalid UTF-8 at line 2: save it as UTF-8 again",
  ],
  "a workbook": [
    Buffer.from("504b030414000600", "hex"),
    "is a workbook or another zip archive: a text file is required",
  ],
  "a workbook of old": [
    Buffer.from("d0cf11e0a1b11ae1", "hex"),
    "is an Excel 97 workbook: a text file is required",
  ],
  "a PDF": [utf8("%PDF-1.7\n"), "is a PDF: a text file is required"],
  "UTF-32": [
    Buffer.from("fffe000061000000", "hex"),
    "is UTF-32: a text file in another encoding is required",
  ],
};
