import { describe, expect, test } from "vitest";
import type { Field } from "../definitions.ts";
import {
  changedAttributes,
  creationBody,
  draftOf,
  newDraft,
  optionsBody,
  rebased,
  validationBody,
  withOriginalLabels,
} from "./field-draft.ts";

const option = (id: string, label: string) => ({ id, value: id, label, isActive: true, orderIndex: 0 });
const field = {
  label: "Level",
  type: "SELECT",
  categoryId: "c1",
  placeholder: "",
  isMandatory: false,
  isMandatoryOnline: false,
  isUnique: false,
  isSearchable: false,
  isActive: true,
  validation: {},
  selectOptions: [option("gold", "Gold"), option("silver", "Silver")],
} as unknown as Field;

describe("a field draft", () => {
  test("without edits changes nothing", () => {
    expect(changedAttributes(draftOf(field), field)).toEqual({});
  });

  test("sends only the attributes that differ", () => {
    const draft = { ...draftOf(field), label: "Tier", isMandatory: true };
    expect(changedAttributes(draft, field)).toEqual({ label: "Tier", is_mandatory: true });
  });

  test("is never unique if its type cannot be", () => {
    expect(creationBody({ ...newDraft("c1"), type: "TEXTAREA", isUnique: true }).is_unique).toBe(false);
    expect(creationBody({ ...newDraft("c1"), type: "TEXT", isUnique: true }).is_unique).toBe(true);
  });

  test("drops options and rules that its type does not have", () => {
    const draft = { ...draftOf(field), type: "NUMBER" as const, validation: { min: 1, pattern: "x" } };
    expect(creationBody(draft).select_options).toEqual([]);
    expect(validationBody(draft)).toEqual({ min: 1 });
  });

  test("gives a new option its label as value, and keeps the value of a renamed one", () => {
    const added = { key: "new-1", value: "", label: "Bronze", isActive: true };
    const renamed = { key: "gold", id: "gold", value: "gold", label: "First", isActive: true };
    expect(optionsBody([renamed, added])).toEqual([
      { id: "gold", value: "gold", label: "First", order_index: 0, is_active: true },
      { value: "Bronze", label: "Bronze", order_index: 1, is_active: true },
    ]);
  });

  test("keeps original labels of options whose translation was not edited", () => {
    const shown = { ...field, selectOptions: [option("gold", "Gold (de)"), option("silver", "Silber")] };
    const draft = draftOf(shown);
    const options = draft.options.map((one) => (one.id === "silver" ? { ...one, label: "Silbern" } : one));
    const body = withOriginalLabels(changedAttributes({ ...draft, options }, shown), field, shown);
    expect(body.select_options).toMatchObject([{ label: "Gold" }, { label: "Silbern" }]);
  });

  test("is rebased onto someone else's changes, where its own edits win", () => {
    const theirs = { ...field, label: "Theirs", placeholder: "new" };
    expect(rebased({ ...draftOf(field), label: "Mine" }, field, theirs)).toMatchObject({
      label: "Mine",
      placeholder: "new",
    });
  });
});
