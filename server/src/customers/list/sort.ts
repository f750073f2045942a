import { type SortName, sortNames } from "@clientele/contract/customers";
import { type Definitions, type Field, findField } from "../../custom-fields/definitions.ts";
import { fieldTypeRules } from "../../custom-fields/field-types.ts";
import { empty, join, raw, type Sql, sql } from "../../database/sql.ts";
import { foldedText } from "../derived/fold-sql.ts";

/** The columns of customers and their versions that directly follow the enterprise in an index. */
export type IndexedColumn =
  | "id"
  | "external_id"
  | "first_name_key"
  | "last_name_key"
  | "company_name_key"
  | "email_key"
  | "updated_at"
  | "total_bookings";

/** `customers c`, or the narrow `customer_versions v`. */
export type ListedTable = "customers" | "customer_versions";

export const tableOf = (column: IndexedColumn | null): ListedTable =>
  column === "updated_at" || column === "total_bookings" ? "customer_versions" : "customers";

/** The customer's id in the table. */
export const idOf = (table: ListedTable): Sql => (table === "customers" ? sql`c.id` : sql`v.customer_id`);

/** A sort order of customers. */
export type Sort = {
  /** Name in a cursor; the same for every name of this order in a request. */
  name: string;
  /** Expressions of the table of `index` to sort by, never null. The id is the last key. */
  keys: readonly Sql[];
  /** First column of the index with this order. Null: there is no index, and every customer is read. */
  index: IndexedColumn | null;
  /** Many customers lack the key: the index has the others only, and those without come first, by id. */
  emptyFirst?: EmptyFirst;
};

export type EmptyFirst = {
  isEmpty: Sql;
  isSet: Sql;
  /** The sort key of customers without a value, as an expression and as text. */
  emptyKey: Sql;
  emptyText: string;
  /** The sort key of the other customers, as the index has it. */
  setKey: Sql;
  /** No two customers have the same key. */
  isUnique?: true;
};

const emptyFirst = (column: Sql): EmptyFirst => ({
  isEmpty: sql`${column} is null`,
  isSet: sql`${column} is not null`,
  emptyKey: sql`'' collate "C"`,
  emptyText: "",
  setKey: column,
});

/** Also the order by first name: an index of first names alone would take 80 bytes a customer. */
const byFullName: Sort = {
  name: "fullName",
  keys: [sql`c.first_name_key`, sql`c.last_name_key`],
  index: "first_name_key",
};

const sorts: Record<SortName, Sort> = {
  firstName: byFullName,
  lastName: { name: "lastName", keys: [sql`c.last_name_key`], index: "last_name_key" },
  fullName: byFullName,
  email: { name: "email", keys: [sql`c.email_key`], index: "email_key" },
  companyName: {
    name: "companyName",
    keys: [sql`coalesce(c.company_name_key, '')`],
    index: "company_name_key",
    emptyFirst: emptyFirst(sql`c.company_name_key`),
  },
  externalId: {
    name: "externalId",
    keys: [sql`coalesce(c.external_id, '')`],
    index: "external_id",
    emptyFirst: { ...emptyFirst(sql`c.external_id`), isUnique: true },
  },
  // Ids begin with the second of their creation.
  createdAt: { name: "createdAt", keys: [], index: "id" },
  updatedAt: { name: "updatedAt", keys: [sql`v.updated_at`], index: "updated_at" },
  totalBookings: {
    name: "totalBookings",
    keys: [sql`v.total_bookings`],
    index: "total_bookings",
    emptyFirst: {
      isEmpty: sql`v.total_bookings = 0`,
      isSet: sql`v.total_bookings > 0`,
      emptyKey: sql`0`,
      emptyText: "0",
      setKey: sql`v.total_bookings`,
    },
  },
};

/** The order with this name, or undefined. */
export function sortNamed(definitions: Definitions, name: string): Sort | undefined {
  if (isSortName(name)) return sorts[name];
  const field = findField(definitions, name);
  if (!field) return undefined;
  return isSortName(field.defaultId) ? sorts[field.defaultId] : byField(field);
}

const isSortName = (name: string): name is SortName => (sortNames as readonly string[]).includes(name);

/**
 * Sorts by a custom field, without an index. PostgreSQL reads every customer of the enterprise and keeps the first
 * rows: 0.3 to 0.9 s for 250,000 customers, longer with accented letters.
 */
function byField(field: Field): Sort {
  const value = sql`c.values ->> ${field.key}`;
  const { order, stored } = fieldTypeRules[field.type];
  const key =
    order === "number"
      ? sql`case when ${value} ~ '^-?[0-9]+([.][0-9]+)?$' then (${value})::numeric else 0 end`
      : stored === "phone"
        ? sql`coalesce(split_part(${value}, '"', 12), '') collate "C"`
        : sql`coalesce(${foldedText(value)}, '')`;
  return { name: field.id, keys: [sql`c.values -> ${field.key} is null`, key], index: null };
}

export const keyName = (index: number): Sql => raw(`key_${index}`);

/** The keys as columns, each after a comma. */
export const keyColumns = ({ keys }: Sort): Sql =>
  columns(keys.map((key, index) => sql`${key} as ${keyName(index)}`));

export const columns = (listed: readonly Sql[]): Sql =>
  listed.length === 0 ? empty : join(listed, ", ", ", ");

/**
 * `order by` of a select that has the id and the keys as columns: by column name, so that no key is computed twice.
 * `source` is an alias with its dot, where column names alone are ambiguous.
 */
export const orderBy = ({ keys }: Sort, descending: boolean, source = ""): Sql =>
  raw(
    [...keys.map((_, index) => `key_${index}`), "id"]
      .map((name) => `${source}${name}${descending ? " desc" : ""}`)
      .join(", "),
  );

/** The names of the keys as columns, each after a comma. */
export const keyNames = ({ keys }: Sort): Sql => columns(keys.map((_, index) => keyName(index)));

/** The condition for rows after a position, of a select that has the id and the keys as columns. */
export const behind = ({ keys }: Sort, descending: boolean, position: readonly string[]): Sql => {
  const names = join([...keys.map((_, index) => keyName(index)), sql`id`]);
  return descending ? sql`(${names}) < (${join([...position])})` : sql`(${names}) > (${join([...position])})`;
};
