import { describe, expect, test } from "vitest";
import { conflictsOf, valueIn, withEntry } from "./draft.ts";

type Customer = Parameters<typeof conflictsOf>[1];

const customer = (values: Record<string, string>, tags: string[] = []): Customer =>
  ({
    externalId: values["externalId"] ?? "",
    tags: tags.map((name) => ({ id: name, name })),
    fields: Object.entries(values)
      .filter(([id]) => id !== "externalId")
      .map(([id, value]) => ({ id, value, values: [], isMultiple: false })),
  }) as unknown as Customer;

describe("a draft", () => {
  test("reads fields, tags and external ID by key", () => {
    const ada = customer({ city: "Bonn", externalId: "E-1" }, ["VIP"]);
    expect(valueIn(ada, "city")).toBe("Bonn");
    expect(valueIn(ada, "externalId")).toBe("E-1");
    expect(valueIn(ada, "tags")).toEqual(["VIP"]);
    expect(valueIn(ada, "street")).toBe("");
  });

  test("drops an entry that equals the saved value", () => {
    const draft = withEntry({}, "city", "Köln", "Bonn");
    expect(draft).toEqual({ city: "Köln" });
    expect(withEntry(draft, "city", "Bonn", "Bonn")).toEqual({});
    expect(withEntry({}, "tags", [], "")).toEqual({});
  });

  test("conflicts where someone else has saved a different value for the same key", () => {
    const before = customer({ city: "Bonn", street: "A" });
    const now = customer({ city: "Bremen", street: "B" });
    expect(conflictsOf({ city: "Köln" }, before, now)).toEqual(["city"]);
    expect(conflictsOf({ city: "Bremen" }, before, now)).toEqual([]);
    expect(conflictsOf({ zipcode: "1" }, before, now)).toEqual([]);
  });
});
