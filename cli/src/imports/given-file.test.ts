import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { givenFile } from "./given-file.ts";
import { readMapping, withMapped } from "./mapping.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "clientele-given-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function written(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

describe("a file", () => {
  test.each<[string, string | undefined, object]>([
    ["a.csv", undefined, { type: "text/csv" }],
    ["A.CSV.GZ", undefined, { type: "text/csv", contentEncoding: "gzip" }],
    ["a.b.tsv", undefined, { type: "text/tab-separated-values" }],
    ["a.jsonl", undefined, { type: "application/x-ndjson" }],
    ["a.json", undefined, { type: "application/json" }],
    ["a.xlsx", undefined, { type: xlsx }],
    ["a.export", undefined, { type: "application/octet-stream" }],
    ["export", undefined, { type: "application/octet-stream" }],
    ["a.export", "csv.gz", { type: "text/csv", contentEncoding: "gzip" }],
  ])("%s, as %s, is known by its ending", async (name, ending, known) => {
    const { body, sizeBytes } = await givenFile(await written(name, "abc"), ending, () => undefined);
    expect(body).toEqual({ ...known, name, file: expect.any(Function) });
    expect(sizeBytes).toBe(3);
  });

  test("is opened anew for each try, and tells how much of it was sent", async () => {
    const told: number[] = [];
    const { body } = await givenFile(await written("sent.csv", "abcdef"), undefined, (sent) =>
      told.push(sent),
    );
    const open = body.file as () => AsyncIterable<Uint8Array>;
    for (let tries = 0; tries < 2; tries++)
      expect(Buffer.concat(await Array.fromAsync(open())).toString()).toBe("abcdef");
    expect(told).toEqual([0, 6, 0, 6]);
  });

  test("that cannot be imported is refused in a sentence", async () => {
    const refusal = (path: string) => expect(givenFile(path, undefined, () => undefined)).rejects;
    const none = join(folder, "none.csv");
    await refusal(none).toThrow(`There is no file ${none}.`);
    await refusal(folder).toThrow(`${folder} is a folder, not a file.`);
    const empty = await written("empty.csv", "");
    await refusal(empty).toThrow(`${empty} is empty: there is nothing to import.`);
  });
});

describe("a mapping", () => {
  test.each<[string, unknown]>([
    ["Kundennr=external_id", "external_id"],
    [" Kundennr = Customer no. ", "Customer no."],
    ["Kundennr=", null],
    ["Kundennr=+", { create: {} }],
    ["Kundennr=+Customer no.", { create: { label: "Customer no." } }],
    ["Kundennr=+Score: points:number", { create: { label: "Score: points", type: "NUMBER" } }],
    ["Kundennr=+:NUMBER", { create: { type: "NUMBER" } }],
  ])("--map %j", (text, target) => {
    expect(withMapped(text, { Other: null })).toEqual({ Other: null, Kundennr: target });
  });

  test.each([
    ["Kundennr", 'It must be "Heading=field".'],
    ["=email", 'It must be "Heading=field".'],
    ["A=+B:COLOUR", "COLOUR is none."],
  ])("--map %j is refused", (text, sentence) => {
    expect(() => withMapped(text)).toThrow(sentence);
  });

  test("in a file is an object, or is refused in a sentence", async () => {
    expect(readMapping(await written("good.json", '{"A":null}'))).toEqual({ A: null });
    const list = await written("list.json", "[]");
    expect(() => readMapping(list)).toThrow(`${list} must hold a JSON object, such as {"Customer no.": `);
    const none = join(folder, "none.json");
    expect(() => readMapping(none)).toThrow(`The mapping, ${none}, is not there.`);
  });
});
