import { arrayMove } from "@dnd-kit/sortable";
import type { Category, Field } from "../definitions.ts";

/** A category with its fields in display order. */
export type Group = { category: Category; fields: readonly Field[] };

export const groupsOf = (categories: readonly Category[], fields: readonly Field[]): Group[] =>
  categories.map((category) => ({
    category,
    fields: fields.filter(({ categoryId }) => categoryId === category.id),
  }));

/** Ids in display order: each category followed by its fields. */
export const linesOf = (groups: readonly Group[]): string[] =>
  groups.flatMap(({ category, fields }) => [category.id, ...fields.map(({ id }) => id)]);

/** Moves a field to the position of another line; past a category's heading, it joins that category. */
export function withFieldAt(groups: readonly Group[], fieldId: string, lineId: string): Group[] {
  const lines = linesOf(groups);
  // No field can stand above the first category.
  const to = Math.max(1, lines.indexOf(lineId));
  const fields = new Map(groups.flatMap((group) => group.fields.map((field) => [field.id, field])));
  const placed: { category: Category; fields: Field[] }[] = [];
  for (const id of arrayMove(lines, lines.indexOf(fieldId), to)) {
    const category = groups.find((group) => group.category.id === id)?.category;
    const last = placed.at(-1);
    if (category) placed.push({ category, fields: [] });
    else last?.fields.push({ ...fields.get(id)!, categoryId: last.category.id });
  }
  return placed;
}

/** The line above or below a field; null at either end. */
export function lineBeside(groups: readonly Group[], fieldId: string, by: -1 | 1): string | null {
  const lines = linesOf(groups);
  const to = lines.indexOf(fieldId) + by;
  return to < 1 ? null : (lines[to] ?? null);
}

export type Place = { category: string; position: number; count: number };

/** Position of a field within its category, counted from 1. */
export function placeOf(groups: readonly Group[], fieldId: string): Place {
  const group = groups.find(({ fields }) => fields.some(({ id }) => id === fieldId))!;
  const position = group.fields.findIndex(({ id }) => id === fieldId) + 1;
  return { category: group.category.name, position, count: group.fields.length };
}
