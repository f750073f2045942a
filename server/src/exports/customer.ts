// biome-ignore-all lint/style/noNonNullAssertion: rows have the columns of their statement, and an export reads a million of them.
import type { ExportAttribute } from "@clientele/contract/exports";
import { timestampOf } from "@clientele/contract/formats";
import { wireTime } from "../customers/customer-json.ts";
import type { Values } from "../customers/values.ts";
import { type Sql, sql } from "../database/sql.ts";
import { timeOfId } from "../ids/new-id.ts";

export type ExportedCustomer = {
  id: string;
  externalId: string;
  importCustomerId: string;
  bookerId: string;
  tagIds: readonly string[];
  values: Values;
  totalBookings: string;
  createdAt: string;
  updatedAt: string;
};

/** Columns of `customers c` and its version `v`. */
export const exportedColumns: Sql = sql`c.id, c.external_id, c.import_customer_id, c.booker_id, c.tag_ids, c.values,
  v.total_bookings, v.updated_at`;

/** Reads a row of `exportedColumns` in PostgreSQL's text format. */
export function customerOf(row: readonly (string | null)[]): ExportedCustomer {
  const [id, externalId, importCustomerId, bookerId, tagIds, values, totalBookings, updatedAt] = row;
  return {
    id: id!,
    externalId: externalId ?? "",
    importCustomerId: importCustomerId ?? "",
    bookerId: bookerId ?? "",
    tagIds: tagIds === "{}" ? [] : tagIds!.slice(1, -1).split(","),
    values: JSON.parse(values!) as Values,
    totalBookings: totalBookings!,
    createdAt: timestampOf(timeOfId(id!)),
    updatedAt: wireTime(updatedAt!),
  };
}

/** Attributes that an import does not take back. */
export const readOnlyWriters = {
  created_at: (customer) => customer.createdAt,
  updated_at: (customer) => customer.updatedAt,
  total_bookings: (customer) => customer.totalBookings,
} satisfies Partial<Record<ExportAttribute, (customer: ExportedCustomer) => string>>;

export const isReadOnly = (name: ExportAttribute): name is keyof typeof readOnlyWriters =>
  Object.hasOwn(readOnlyWriters, name);
