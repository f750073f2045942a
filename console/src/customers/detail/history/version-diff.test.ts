import { expect, test } from "vitest";
import { applyChanges, changesBackTo } from "./version-diff.ts";

type Entry = Parameters<typeof changesBackTo>[0] extends AsyncIterable<infer E> | Iterable<infer E>
  ? E
  : never;

const entry = (version: number, attribute: string, before: unknown, after: unknown): Entry =>
  ({ version, changes: [{ attribute, label: attribute, before, after }] }) as unknown as Entry;

test("changes back to a version lead from the current value to the one of that version", async () => {
  const history = [
    entry(4, "fields.city", "Köln", "Berlin"),
    entry(3, "fields.city", "Bonn", "Köln"),
    entry(2, "fields.city", null, "Bonn"),
  ];
  expect(await changesBackTo(history, 2)).toEqual([
    { attribute: "fields.city", label: "fields.city", before: "Berlin", after: "Bonn" },
  ]);
});

test("a value that has been changed and restored since does not differ", async () => {
  const history = [entry(3, "tags", ["a"], ["b"]), entry(2, "tags", ["b"], ["a"])];
  expect(await changesBackTo(history, 1)).toEqual([]);
});

test("applied changes replace values, tags and the external ID", () => {
  const change = (attribute: string, after: unknown) => ({ attribute, label: "", before: null, after });
  const record = { fields: [], tags: [{ id: "1", name: "VIP" }], externalId: "E-2" };
  expect(applyChanges(record, [change("tags", ["Regular"]), change("externalId", null)], [])).toMatchObject({
    tags: [{ name: "Regular" }],
    externalId: "",
  });
  expect(applyChanges(record, [], [])).toEqual(record);
});
