import type { Static } from "@clientele/contract/formats";
import type { ImportRow } from "@clientele/contract/import-rows";
import { headingKey } from "./heading-text.ts";

/** The attributes that a column can set besides fields. */
export type WrittenAttribute = keyof Omit<
  Static<typeof ImportRow>,
  "customfields" | "values" | "ignore_mandatory_validation"
>;
export type RowAttribute = WrittenAttribute | "tags";
/** The attribute of a row that the column sets: names of tags in `tags`, ids or names in `tag_ids`. */
export const attributeOfColumn: Readonly<Record<RowAttribute, WrittenAttribute>> = {
  id: "id",
  external_id: "external_id",
  import_customer_id: "import_customer_id",
  booker_id: "booker_id",
  tags: "tag_ids",
  tag_ids: "tag_ids",
};
export const isRowAttribute = (name: string): name is RowAttribute => Object.hasOwn(attributeOfColumn, name);
export const rowAttributes = Object.keys(attributeOfColumn).filter(isRowAttribute);

/** Attributes that only exports contain. */
const readOnly = [
  "global_id",
  "full_name",
  "avatar_url",
  "first_letters",
  "total_bookings",
  "created_at",
  "updated_at",
  "ts",
  "version",
];

/** The columns that an errors file appends to those of the imported file. */
export const reportHeadings = ["import_line", "import_field", "import_code", "import_message"] as const;
/** The last column of an errors file for JSON: the row itself. */
export const recordHeading = "import_record";

/** The heading of a read-only attribute when a field has its name. */
export const exportHeading = (name: string): string => `export_${name}`;

export type AttributeTarget =
  | { kind: "attribute"; attribute: RowAttribute }
  | { kind: "ignored"; because: "read-only" | "report" };

const targets: readonly (readonly [string, AttributeTarget])[] = [
  ...rowAttributes.map((attribute) => [attribute, { kind: "attribute", attribute }] as const),
  ...[...reportHeadings, recordHeading].map(
    (name) => [name, { kind: "ignored", because: "report" }] as const,
  ),
  ...[...readOnly, ...readOnly.map(exportHeading)].map(
    (name) => [name, { kind: "ignored", because: "read-only" }] as const,
  ),
];
const byKey = new Map(targets.map(([name, target]) => [headingKey(name), target]));
const camelCase = (name: string): string =>
  name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
// A field named like a read-only attribute takes precedence; one named `id` or the like never does.
const byName = new Map(
  targets
    .filter(([name]) => !readOnly.includes(name))
    .flatMap(([name, target]) => [[name, target] as const, [camelCase(name), target] as const]),
);

/** The attribute with this exact name, as in requests (`external_id`) or in answers (`externalId`). */
export const attributeNamed = (text: string): AttributeTarget | undefined => byName.get(text);

/** The attribute with this name in any spelling, such as `External ID`. */
export const attributeLike = (text: string): AttributeTarget | undefined => byKey.get(headingKey(text));
