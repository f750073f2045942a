import { headingKey } from "./heading-text.ts";

/** What a column may say of a customer beside its fields. */
export const rowAttributes = [
  "id",
  "external_id",
  "import_customer_id",
  "booker_id",
  "tags",
  "tag_ids",
] as const;
export type RowAttribute = (typeof rowAttributes)[number];

/** What an export tells of a customer and nobody writes. */
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

/** What a file of errors has behind the columns of the file it is about. */
export const reportHeadings = ["import_line", "import_field", "import_code", "import_message"] as const;
/** And behind these the row as it was, when it was no row of a table. */
export const recordHeading = "import_record";

/** What an export calls a column of those where a field has the name. */
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
// A field may be called `version`, and then it is meant; `id` and its like are never a field's.
const byName = new Map(
  targets
    .filter(([name]) => !readOnly.includes(name))
    .flatMap(([name, target]) => [[name, target] as const, [camelCase(name), target] as const]),
);

/** The attribute whose name this is, in the spelling of requests (`external_id`) or of answers (`externalId`). */
export const attributeNamed = (text: string): AttributeTarget | undefined => byName.get(text);

/** The attribute that the text names in any spelling: `External ID`. */
export const attributeLike = (text: string): AttributeTarget | undefined => byKey.get(headingKey(text));
