import { describe, expect, test } from "vitest";
import type { Column } from "./columns.ts";
import { changed, columnWidthMin, layoutOf, moved, resized, shifted } from "./layout.ts";

const column = (id: Column["attribute"] & string, width = 100): Column => ({
  id,
  label: id,
  width,
  isSortable: true,
  attribute: id,
  field: null,
});
const columns = [column("fullName"), column("externalId"), column("phone"), column("createdAt")];
const shownIds = (layout: ReturnType<typeof layoutOf>) =>
  layout.filter(({ isHidden }) => !isHidden).map(({ id }) => id);

describe("a column layout", () => {
  test("without a stored one shows the default columns", () => {
    const layout = layoutOf(columns, null);
    expect(layout.map(({ id }) => id)).toEqual(["fullName", "externalId", "phone", "createdAt"]);
    expect(shownIds(layout)).toEqual(["fullName", "phone"]);
  });

  test("keeps the stored order and widths, and hides new columns at the end", () => {
    const layout = layoutOf(columns, [{ id: "phone", width: 300 }, { id: "fullName" }, { id: "deleted" }]);
    expect(layout).toEqual([
      { id: "phone", width: 300, isHidden: false },
      { id: "fullName", width: 100, isHidden: false },
      { id: "externalId", width: 100, isHidden: true },
      { id: "createdAt", width: 100, isHidden: true },
    ]);
  });

  test("that would show nothing shows the default columns instead", () => {
    expect(shownIds(layoutOf(columns, [{ id: "externalId", isHidden: true }]))).toEqual([
      "fullName",
      "phone",
    ]);
  });

  test("moves a column to the position of another one, and ignores unknown ones", () => {
    const layout = layoutOf(columns, null);
    expect(moved(layout, "createdAt", "fullName").map(({ id }) => id)).toEqual([
      "createdAt",
      "fullName",
      "externalId",
      "phone",
    ]);
    expect(moved(layout, "createdAt", "unknown")).toBe(layout);
  });

  test("shifts a column past the next visible one, skipping hidden columns", () => {
    const layout = layoutOf(columns, null);
    expect(shownIds(shifted(layout, "fullName", 1))).toEqual(["phone", "fullName"]);
    expect(shifted(layout, "fullName", -1)).toBe(layout);
  });

  test("limits widths", () => {
    const layout = layoutOf(columns, null);
    expect(resized(layout, "phone", 1).find(({ id }) => id === "phone")!.width).toBe(columnWidthMin);
    expect(resized(layout, "phone", 5_000).find(({ id }) => id === "phone")!.width).toBe(1_200);
    expect(changed(layout, "phone", { isHidden: true })[2]!.isHidden).toBe(true);
  });
});
