import type { FieldError } from "@clientele/contract/errors";
import { Problem } from "@clientele/contract/errors";
import fc from "fast-check";
import { describe, expect, inject, test } from "vitest";
import { inPieces, utf8, utf16be, utf16le } from "./corpus/bytes.ts";
import { refusedJson, uglyJson, uglyNdjson } from "./corpus/ugly-json.ts";
import { inUtf8 } from "./decode.ts";
import { openEncodingDetector } from "./encoding.ts";
import { readJsonOptions, readJsonRows } from "./json.ts";
import { readNdjson } from "./ndjson.ts";
import type { RecordRow } from "./table.ts";

type Read = [line: number, read: unknown];

const textOf = (errors: readonly FieldError[]): string =>
  errors.map(({ path, message }) => (path === "" ? message : `${path} ${message}`)).join("; ");

async function all(rows: AsyncIterable<readonly RecordRow[]>): Promise<Read[]> {
  const read: Read[] = [];
  for await (const batch of rows)
    for (const row of batch)
      read.push([row.line, "fieldErrors" in row ? textOf(row.fieldErrors) : row.record]);
  return read;
}

const ndjson = (file: Uint8Array, length = file.length): Promise<Read[]> =>
  all(readNdjson(inPieces(file, () => length)));

async function document(file: Uint8Array, length = file.length) {
  const options = await readJsonOptions(inPieces(file, () => length));
  return { rows: await all(readJsonRows(inPieces(file, () => length))), options };
}

async function refusalOf(read: Promise<unknown>): Promise<string> {
  const error = await read.then(
    () => "It was read.",
    (problem: unknown) => problem,
  );
  if (!(error instanceof Problem)) throw error;
  expect(error.code).toBe("IMPORT_FILE_INVALID");
  return error.fieldErrors.map(({ message }) => message).join();
}

const lengthsFor = ({ length }: Uint8Array): number[] =>
  length > 100_000 ? [length, 65_536] : [length, 1, 2, 3, 7];

describe("lines of JSON are read", () => {
  test.each(Object.entries(uglyNdjson))("%s", async (_name, [file, rows]) => {
    for (const length of lengthsFor(utf8(file))) expect(await ndjson(utf8(file), length)).toEqual(rows);
  });
});

describe("a document is read", () => {
  test.each(Object.entries(uglyJson))("%s", async (_name, { file, rows, options }) => {
    for (const length of lengthsFor(utf8(file)))
      expect(await document(utf8(file), length)).toEqual({ rows, options });
  });
});

describe("a document is refused, and where it is broken is said", () => {
  test.each(Object.entries(refusedJson))("%s", async (_name, [file, message]) => {
    for (const length of lengthsFor(utf8(file)))
      expect(await refusalOf(document(utf8(file), length))).toBe(message);
  });
});

test.each([
  ["UTF-16LE", utf16le],
  ["UTF-16BE", utf16be],
])("a document in %s is read in UTF-8", async (_name, encode) => {
  for (const mark of ["", "\ufeff"]) {
    const file = encode(`${mark}[{"name":"Gül 😀"}]`);
    const detector = openEncodingDetector();
    detector.see(file);
    const bytes = inUtf8(
      inPieces(file, () => 3),
      detector.found(),
    );
    expect(await all(readJsonRows(bytes))).toEqual([[1, { name: "Gül 😀" }]]);
  }
});

test("a name that reaches for the prototype is an option like any other", async () => {
  const { options } = await document(utf8('{"__proto__":{"mode":1},"customers":[]}'));
  expect(Object.keys(options)).toEqual(["__proto__"]);
  expect(options["mode"]).toBeUndefined();
});

const written = fc.dictionary(
  fc.string({ unit: "grapheme", maxLength: 5 }).filter((key) => key !== "__proto__"),
  fc.jsonValue({ maxDepth: 2, noUnicodeString: false }),
  { maxKeys: 4 },
);
/** Normalized through JSON, which has no -0. */
const record = written.map((value) => JSON.parse(JSON.stringify(value)) as Record<string, unknown>);
const records = fc.array(record, { maxLength: 6 });
const canBeHeld = (text: string): boolean => !text.includes("\\u0000") && !text.includes('"__proto__"');

test("any records are read as they were written, however they are cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      records,
      record,
      fc.integer({ min: 1, max: 30 }),
      fc.nat(),
      async (rows, options, length, at) => {
        const text = JSON.stringify([rows, options]);
        fc.pre(canBeHeld(text) && !("customers" in options));
        const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
        expect((await ndjson(utf8(lines), length)).map(([, it]) => it)).toEqual(rows);

        const attributes = Object.entries(options);
        attributes.splice(at % (attributes.length + 1), 0, ["customers", rows]);
        const parts = attributes.map(
          ([name, it]) => `${JSON.stringify(name)}:${JSON.stringify(it, null, at % 3)}`,
        );
        const read = await document(utf8(`{${parts.join(", ")}}`), length);
        expect(read.rows.map(([, it]) => it)).toEqual(rows);
        expect(read.options).toEqual(options);
      },
    ),
    { numRuns: 100 * inject("random").scale },
  );
});

test("a document is read as the engine reads it, or refused", async () => {
  const piece = fc.constantFrom(
    ...'[]{}:,"\\ \n1-e.'.split(""),
    "true",
    '"a"',
    '"customers"',
    '{"a":1}',
    "ü",
    "\0",
  );
  const bytes = fc.oneof(
    fc.array(piece, { maxLength: 14 }).map((value) => utf8(value.join(""))),
    fc.array(piece, { maxLength: 12 }).map((value) => utf8(`[${value.join("")}]`)),
    fc.array(piece, { maxLength: 12 }).map((value) => utf8(`{"customers":[${value.join("")}]}`)),
    fc.uint8Array({ maxLength: 40 }).map((value) => Buffer.from(value)),
  );
  await fc.assert(
    fc.asyncProperty(bytes, fc.integer({ min: 1, max: 9 }), async (file, length) => {
      const read = await document(file, length).catch((error: unknown) => error);
      if (read instanceof Error) expect(read).toBeInstanceOf(Problem);
      else expect(() => JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(file))).not.toThrow();
      for (const [, it] of await ndjson(file, length)) expect(["string", "object"]).toContain(typeof it);
    }),
    { numRuns: 500 * inject("random").scale },
  );
});
