import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addMapping, readMapping } from "./column-mapping.ts";
import { inputFile } from "./input-file.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "clientele-input-"));
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
  ])("%s with --type %s has the type of its extension", async (name, ending, known) => {
    const { body, sizeBytes } = await inputFile(await written(name, "abc"), ending, () => undefined);
    expect(body).toEqual({ ...known, name, file: expect.any(Function) });
    expect(sizeBytes).toBe(3);
  });

  test("is reopened for each try and reports how many bytes were sent", async () => {
    const reports: number[] = [];
    const { body } = await inputFile(await written("sent.csv", "abcdef"), undefined, (sent) =>
      reports.push(sent),
    );
    const open = body.file as () => AsyncIterable<Uint8Array>;
    for (let tries = 0; tries < 2; tries++)
      expect(Buffer.concat(await Array.fromAsync(open())).toString()).toBe("abcdef");
    expect(reports).toEqual([0, 6, 0, 6]);
  });

  test("that cannot be imported is rejected in one line", async () => {
    const refusal = (path: string) => expect(inputFile(path, undefined, () => undefined)).rejects;
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
    expect(addMapping(text, { Other: null })).toEqual({ Other: null, Kundennr: target });
  });

  test.each([
    ["Kundennr", 'It must be "Heading=field".'],
    ["=email", 'It must be "Heading=field".'],
    ["A=+B:COLOUR", "COLOUR is not one of them."],
  ])("--map %j is rejected", (text, message) => {
    expect(() => addMapping(text)).toThrow(message);
  });

  test("in a file must be a JSON object", async () => {
    expect(readMapping(await written("good.json", '{"A":null}'))).toEqual({ A: null });
    const list = await written("list.json", "[]");
    expect(() => readMapping(list)).toThrow(`${list} must contain a JSON object, such as {"Customer no.": `);
    const none = join(folder, "none.json");
    expect(() => readMapping(none)).toThrow(`The mapping, ${none}, does not exist.`);
  });
});
