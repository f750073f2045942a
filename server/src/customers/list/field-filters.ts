import type { Fault } from "@clientele/contract/errors";
import { type Definitions, type Field, fieldNamed } from "../../custom-fields/definitions.ts";
import { readValue } from "../../custom-fields/values/value.ts";
import { type Sql, sql } from "../../database/sql.ts";
import { fold } from "../../text/fold.ts";
import { normalized } from "../../text/normalize.ts";
import { partPattern } from "./contains-pattern.ts";
import type { FilterQuery } from "./query.ts";

/** What is asked of one field beside an exact value. No index knows it: each customer is looked at. */
export type FieldFilter = { fieldId: string; type: Field["type"] } & (
  | { is: "set" | "unset" }
  | { from: string }
  | { to: string }
  | { contains: string }
);

type Read = { filter: FieldFilter } | { code: Fault["code"]; fault: string };

/** The filters by field that a query names, and all their faults. */
export function readFieldFilters(
  definitions: Definitions,
  query: FilterQuery,
): { filters: FieldFilter[]; faults: Fault[] } {
  const filters: FieldFilter[] = [];
  const faults: Fault[] = [];
  const read = <Value>(
    parameter: string,
    asked: Readonly<Record<string, Value>> | undefined,
    readOne: (field: Field, value: Value) => Read,
  ) => {
    for (const [name, value] of Object.entries(asked ?? {})) {
      const field = fieldNamed(definitions, name);
      const result = field ? readOne(field, value) : unknownIn(definitions);
      if ("filter" in result) filters.push(result.filter);
      else
        faults.push({ in: "query", path: `${parameter}.${name}`, code: result.code, message: result.fault });
    }
  };
  read("filter_is", query.filter_is, ({ id, type }, is) => ({ filter: { fieldId: id, type, is } }));
  read("filter_from", query.filter_from, (field, text) => readBound(field, text, (from) => ({ from })));
  read("filter_to", query.filter_to, (field, text) => readBound(field, text, (to) => ({ to })));
  read("filter_contains", query.filter_contains, ({ id, type }, text) => {
    const contains = type === "PHONE" ? text.replace(/[\s()/.-]/g, "") : fold(normalized(text));
    return contains === ""
      ? { code: "FIELD_VALUE_INVALID", fault: "must not be empty" }
      : { filter: { fieldId: id, type, contains } };
  });
  return { filters, faults };
}

const unknownIn = ({ fields }: Definitions): Read => ({
  code: "FIELD_UNKNOWN",
  fault: `must name one of ${fields.map((field) => field.defaultId || field.id).join(", ")}`,
});

function readBound(
  field: Field,
  text: string,
  bound: (value: string) => { from: string } | { to: string },
): Read {
  const { id, type } = field;
  if (type !== "DATE" && type !== "NUMBER")
    return { code: "FIELD_VALUE_INVALID", fault: "is a bound, and only a DATE or a NUMBER has one" };
  const read = readValue({ ...field, validation: {}, pattern: null }, { value: text }, null);
  if ("fault" in read) return { code: "FIELD_VALUE_INVALID", fault: read.fault };
  if (typeof read.value !== "string") return { code: "FIELD_VALUE_INVALID", fault: "must not be empty" };
  return { filter: { fieldId: id, type, ...bound(read.value) } };
}

/** The filter as a condition of `customers c`. */
export function fieldCondition(filter: FieldFilter): Sql {
  const { fieldId, type } = filter;
  const value = sql`c.values ->> ${fieldId}`;
  if ("is" in filter)
    return filter.is === "set" ? sql`c.values ? ${fieldId}` : sql`not c.values ? ${fieldId}`;
  if ("contains" in filter)
    // Of a phone the text in international form alone is what people know.
    return type === "PHONE"
      ? sql`position(${filter.contains} in split_part(${value}, '"', 12)) > 0`
      : sql`${value} ~ ${partPattern(filter.contains)}`;
  const [bound, isBehind] = "from" in filter ? [filter.from, sql`>=`] : [filter.to, sql`<=`];
  if (type === "DATE") return sql`(${value}) collate "C" ${isBehind} ${bound}`;
  // What was stored before the field was a NUMBER may be none.
  return sql`case when ${value} ~ '^-?[0-9]+([.][0-9]+)?$' then (${value})::numeric ${isBehind} ${bound}::numeric
    else false end`;
}
