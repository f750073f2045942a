import { bodyError, type FieldError } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import type { Definitions } from "../../custom-fields/definitions.ts";
import { attributeLike } from "../../tables/attributes.ts";
import {
  certainty,
  type FoundBy,
  type Meaning,
  meaningsOf,
  type Target,
} from "../../tables/heading-meaning.ts";
import { columnNames, headingText } from "../../tables/heading-text.ts";
import { required } from "../../validation/required.ts";
import { type Mapping, readMapping } from "./mapping.ts";

export type Column = {
  /** 1-based. */
  position: number;
  heading: string;
  /** Null when the heading has no known meaning. */
  target: Target | null;
  foundBy: FoundBy | null;
};

/**
 * The meaning of a file's columns. The caller's mapping takes precedence over headings. An error's path is a heading or
 * a key of the mapping.
 */
export function columnsOf(
  definitions: Definitions,
  headings: readonly string[],
  given: Mapping | undefined,
): { columns: Column[]; fieldErrors: FieldError[] } {
  const meaningOf = meaningsOf(definitions);
  const fieldErrors: FieldError[] = [];
  const texts = headings.map(headingText);
  const meanings = texts.map((text) => (text === "" ? null : meaningOf(text)));
  for (const { index, target } of readMapping(definitions, meaningOf, texts, given ?? {}, fieldErrors))
    meanings[index] = { target, foundBy: "given", certainty: certainty.given };

  const names = columnNames(headings);
  for (const { indexes, target } of sharedTargets(meanings)) {
    const best = Math.min(
      ...indexes.map((index) => required(meanings[index], "the meaning of the column").certainty),
    );
    const bestMatches = indexes.filter(
      (index) => required(meanings[index], "the meaning of the column").certainty === best,
    );
    for (const index of indexes)
      if (!bestMatches.includes(index)) meanings[index] = asIgnored(required(texts[index], "the heading"));
    if (bestMatches.length === 1) continue;
    const columnList = bestMatches.map((index) => `${JSON.stringify(headings[index])} (#${index + 1})`);
    const message = reason("COLUMNS_OF_SAME_FIELD", { columns: columnList, target: nameOf(target) });
    fieldErrors.push(
      bodyError(
        required(names[required(bestMatches[1], "the second column")], "the column name"),
        "REQUEST_INVALID",
        message,
      ),
    );
  }

  const columns = headings.map((heading, index) => ({
    position: index + 1,
    heading,
    target: meanings[index]?.target ?? null,
    foundBy: meanings[index]?.foundBy ?? null,
  }));
  return { columns, fieldErrors };
}

/** The targets of more than one column. */
function sharedTargets(meanings: readonly (Meaning | null)[]): { indexes: number[]; target: Target }[] {
  const byTarget = Map.groupBy(meanings.keys(), (index) => keyOf(meanings[index]?.target ?? null));
  byTarget.delete(null);
  return [...byTarget.values()]
    .filter((indexes) => indexes.length > 1)
    .map((indexes) => ({
      indexes,
      target: required(meanings[required(indexes[0], "the first column")], "the meaning of the column")
        .target,
    }));
}

function keyOf(target: Target | null): string | null {
  switch (target?.kind) {
    case "field":
      return target.field.id;
    case "create":
      return `create ${target.label}`;
    case "attribute":
      // `tags` and `tag_ids` set the same attribute.
      return target.attribute === "tag_ids" ? "tags" : target.attribute;
    default:
      return null;
  }
}

function nameOf(target: Target): string {
  if (target.kind === "field") return JSON.stringify(target.field.label);
  return target.kind === "create" ? JSON.stringify(target.label) : (keyOf(target) ?? "");
}

/** A column that lost its target to a more certain one may still be a read-only column of an export. */
function asIgnored(text: string): Meaning | null {
  const target = attributeLike(text);
  return target?.kind === "ignored" ? { target, foundBy: "attribute", certainty: certainty.alike } : null;
}

/**
 * The column that an error's path within a row belongs to: `values.<field id>` and `tag_ids.0` become headings. A path
 * without a column is returned unchanged.
 */
export function headingOf(columns: readonly Column[], path: string): string {
  const [attribute, fieldId] = path.split(".", 2);
  const isMeant = (target: Target | null) =>
    attribute === "values"
      ? (target?.kind === "field" && target.field.id === fieldId) ||
        (target?.kind === "create" && target.fieldId === fieldId)
      : target?.kind === "attribute" &&
        (target.attribute === attribute || (target.attribute === "tags" && attribute === "tag_ids"));
  const index = columns.findIndex(({ target }) => isMeant(target));
  return index === -1
    ? path
    : required(columnNames(columns.map(({ heading }) => heading))[index], "the column name");
}
