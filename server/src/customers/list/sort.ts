import { type SortName, sortNames } from "@clientele/contract/customers";
import { type Definitions, type Field, findField } from "../../custom-fields/definitions.ts";
import { fieldTypeRules } from "../../custom-fields/field-types.ts";
import { empty, join, raw, type Sql, sql } from "../../database/sql.ts";
import { foldedText } from "../derived/fold-sql.ts";

/** The columns of customers that an index has right behind the enterprise. */
export type IndexedColumn =
  | "id"
  | "external_id"
  | "first_name_key"
  | "last_name_key"
  | "company_name_key"
  | "email_key"
  | "updated_at"
  | "total_bookings";

/** An order of customers. */
export type Sort = {
  /** Its name in a cursor: the same for every way to ask for this order. */
  name: string;
  /** What it compares, of `customers c`, none ever null; the id decides last. */
  keys: readonly Sql[];
  /** What the index leads with that gives this order. Null: there is none, and every customer is looked at. */
  index: IndexedColumn | null;
};

const sorts: Record<SortName, Sort> = {
  firstName: { name: "firstName", keys: [sql`c.first_name_key`], index: "first_name_key" },
  lastName: { name: "lastName", keys: [sql`c.last_name_key`], index: "last_name_key" },
  // The index by first name gives it nearly: only those of one first name are sorted.
  fullName: {
    name: "fullName",
    keys: [sql`c.first_name_key`, sql`c.last_name_key`],
    index: "first_name_key",
  },
  email: { name: "email", keys: [sql`c.email_key`], index: "email_key" },
  companyName: { name: "companyName", keys: [sql`c.company_name_key`], index: "company_name_key" },
  externalId: {
    name: "externalId",
    keys: [sql`c.external_id is not null`, sql`coalesce(c.external_id, '')`],
    index: "external_id",
  },
  // Ids begin with the second of their making.
  createdAt: { name: "createdAt", keys: [], index: "id" },
  updatedAt: { name: "updatedAt", keys: [sql`c.updated_at`], index: "updated_at" },
  totalBookings: { name: "totalBookings", keys: [sql`c.total_bookings`], index: "total_bookings" },
};

/** The order that a request names, or undefined when there is none of that name. */
export function sortNamed(definitions: Definitions, name: string): Sort | undefined {
  if (isSortName(name)) return sorts[name];
  const field = findField(definitions, name);
  if (!field) return undefined;
  return isSortName(field.defaultId) ? sorts[field.defaultId] : byField(field);
}

const isSortName = (name: string): name is SortName => (sortNames as readonly string[]).includes(name);

/**
 * By a custom field: no index knows it. Every customer of the enterprise is read once and the first so many are kept:
 * of 250,000 in 0.3 to 0.9 s, the longer where letters have accents.
 */
function byField(field: Field): Sort {
  const value = sql`c.values ->> ${field.id}`;
  const { order, stored } = fieldTypeRules[field.type];
  const key =
    order === "number"
      ? sql`case when ${value} ~ '^-?[0-9]+([.][0-9]+)?$' then (${value})::numeric else 0 end`
      : stored === "phone"
        ? sql`coalesce(split_part(${value}, '"', 12), '') collate "C"`
        : sql`coalesce(${foldedText(value)}, '')`;
  return { name: field.id, keys: [sql`c.values -> ${field.id} is null`, key], index: null };
}

export const keyName = (index: number): Sql => raw(`key_${index}`);

/** The keys as columns, each behind a comma. */
export const keyColumns = ({ keys }: Sort): Sql =>
  columns(keys.map((key, index) => sql`${key} as ${keyName(index)}`));

export const columns = (listed: readonly Sql[]): Sql =>
  listed.length === 0 ? empty : join(listed, ", ", ", ");

/**
 * `order by` of a select that has the id and the keys as columns: by their names, so that no key is reckoned twice.
 * `source` is where they come from, with its dot, when the names alone do not say.
 */
export const orderBy = ({ keys }: Sort, descending: boolean, source = ""): Sql =>
  raw(
    [...keys.map((_, index) => `key_${index}`), "id"]
      .map((name) => `${source}${name}${descending ? " desc" : ""}`)
      .join(", "),
  );

/** The condition of being behind a position. */
export const behind = (sort: Sort, descending: boolean, position: readonly string[]): Sql => {
  const keys = join([...sort.keys, sql`c.id`]);
  return descending ? sql`(${keys}) < (${join([...position])})` : sql`(${keys}) > (${join([...position])})`;
};
