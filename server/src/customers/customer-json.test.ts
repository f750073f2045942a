import { type CustomerAttribute, customerAttributes } from "@clientele/contract/customers";
import fc from "fast-check";
import { describe, expect, inject, test } from "vitest";
import type { Definitions, Field } from "../custom-fields/definitions.ts";
import { type FieldKey, fieldKeyOf } from "../custom-fields/values/field-key.ts";
import { type CustomerRow, customerSerializer, type Projection } from "./customer-json.ts";

const idAt = (position: number) => position.toString(16).padStart(24, "0");

// One to five digits, in another order than the fields.
const numberAt = (position: number) => (position % 2 === 0 ? 9 ** (position / 2) : 10 + position);

const fieldAt = (position: number, field: Partial<Field>): Field =>
  ({
    id: idAt(position),
    number: numberAt(position),
    key: fieldKeyOf(numberAt(position)),
    type: "TEXT",
    defaultId: "",
    label: "",
    isMultiple: false,
    position,
    ...field,
  }) as Field;

const fields: Field[] = [
  { defaultId: "lastName" },
  { label: 'Lieblings"farbe\\' },
  { type: "MULTI_SELECT", isMultiple: true, label: "Ämter" } as const,
  { defaultId: "firstName" },
  { defaultId: "email", type: "EMAIL" } as const,
  { defaultId: "landlinePhone", type: "PHONE" } as const,
  { defaultId: "companyName" },
  { defaultId: "mobilePhone", type: "PHONE" } as const,
].map((field, position) => fieldAt(position, field));
const tagNames = new Map([
  [idAt(900), 'VIP "gold"'],
  [idAt(901), "Städte"],
]);
const definitions: Definitions = {
  revision: 1,
  fields,
  byId: new Map(fields.map((field) => [field.id, field])),
  byKey: new Map(fields.map((field) => [field.key, field])),
  byDefaultId: new Map(
    fields.filter((field) => field.defaultId !== "").map((field) => [field.defaultId, field]),
  ),
  byLabel: new Map(),
  deletedFieldIds: new Map(),
  tagNames,
};

// Inputs that break naive JSON splitting: quotes, runs of backslashes, brackets, empty strings.
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom('"', "\\", "[", "]", "{", "}", ",", ":", " ", "ü", "\u{1F600}", "\n", "a"),
  }),
);
const phone = fc
  .record({ country: fc.constantFrom("DE", ""), number: fc.stringMatching(/^[1-9]\d{4,9}$/) })
  .map(({ country, number }) => JSON.stringify({ country, number, phone: `+49${number}`, prefix: "+49" }));
const valueFor = (field: Field | undefined) =>
  field?.type === "PHONE" ? phone : field?.isMultiple ? fc.array(text, { minLength: 1, maxLength: 4 }) : text;
// Existing fields and some deleted ones.
const values = fc
  .tuple(
    ...Array.from({ length: fields.length + 3 }, (_, position) =>
      fc.option(
        fc.tuple(
          fc.constant(fieldKeyOf(numberAt(position))),
          fc.oneof(valueFor(fields[position]), ...(fields[position] ? [] : [fc.array(text)])),
        ),
        {
          freq: 3,
        },
      ),
    ),
  )
  .chain((entries) => fc.shuffledSubarray(entries.filter((entry) => entry !== null)))
  .map((entries) => Object.fromEntries(entries) as Record<FieldKey, string | string[]>);
const seconds = fc.integer({ min: 0, max: 4_102_444_800 });
const customer = fc.record({
  externalId: fc.option(text),
  values,
  tagIds: fc.subarray([idAt(900), idAt(901), idAt(902)]),
  totalBookings: fc.nat(),
  createdAt: seconds,
  updatedAt: seconds,
});
type Stored = typeof customer extends fc.Arbitrary<infer T> ? T : never;

/** jsonb as PostgreSQL prints it: keys sorted by length, then by bytes; a space after each comma and colon outside of strings. */
function jsonbText(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(jsonbText).join(", ")}]`;
  return `{${Object.entries(value as object)
    .sort(([one], [other]) => one.length - other.length || (one < other ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}: ${jsonbText(item)}`)
    .join(", ")}}`;
}
const postgresTime = (second: number) =>
  `${new Date(second * 1000).toISOString().slice(0, 19).replace("T", " ")}+00`;
const wireTime = (second: number) => `${new Date(second * 1000).toISOString().slice(0, 19)}Z`;

const idOf = ({ createdAt }: Stored) => createdAt.toString(16).padStart(8, "0") + idAt(77).slice(8);

const rowOf = (stored: Stored): CustomerRow => [
  idOf(stored),
  stored.externalId,
  jsonbText(stored.values),
  `{${stored.tagIds.join(",")}}`,
  String(stored.totalBookings),
  postgresTime(stored.updatedAt),
  "1",
];

/** The expected customer, built from objects. */
function model(customer: Stored, { attributes, fieldIds }: Projection): object {
  const named = (defaultId: string) =>
    (customer.values[definitions.byDefaultId.get(defaultId)!.key] as string | undefined) ?? "";
  const stored = named("mobilePhone") || named("landlinePhone");
  const e164 = stored === "" ? null : JSON.parse(stored);
  const initials = ["firstName", "lastName"].map((name) => ([...named(name)][0] ?? "").toUpperCase());
  const whole: Record<CustomerAttribute, unknown> = {
    id: idOf(customer),
    externalId: customer.externalId ?? "",
    globalId: null,
    firstName: named("firstName"),
    lastName: named("lastName"),
    fullName: [named("firstName"), named("lastName")].filter((name) => name !== "").join(" "),
    companyName: named("companyName"),
    email: named("email"),
    phone: e164 === null ? {} : { phone: e164.phone, number: e164.number, code: e164.country },
    tags: customer.tagIds.flatMap((id) => (tagNames.has(id) ? [{ id, name: tagNames.get(id) }] : [])),
    totalBookings: customer.totalBookings,
    avatarUrl: "",
    firstLetters: [...new Set(initials)].join(""),
    fields: fields
      .filter(({ id, key }) => customer.values[key] !== undefined && (fieldIds === null || fieldIds.has(id)))
      .map(({ id, key, type, isMultiple, defaultId, label }) => {
        const value = customer.values[key]!;
        return {
          id,
          type,
          value: isMultiple ? JSON.stringify(value) : value,
          values: isMultiple ? value : [],
          isMultiple,
          defaultId,
          label: defaultId === "" ? label : "",
        };
      }),
    createdAt: wireTime(customer.createdAt),
    updatedAt: wireTime(customer.updatedAt),
    ts: customer.updatedAt,
  };
  return Object.fromEntries(
    Object.entries(whole).filter(
      ([name]) => attributes === null || attributes.has(name as CustomerAttribute),
    ),
  );
}

const projection: fc.Arbitrary<Projection> = fc.record({
  attributes: fc.option(
    fc
      .subarray(Object.keys(customerAttributes) as CustomerAttribute[])
      .map((names) => new Set(["id" as const, ...names])),
  ),
  fieldIds: fc.option(fc.subarray(fields.map(({ id }) => id)).map((ids) => new Set(ids))),
});

describe("customerSerializer", () => {
  test("matches JSON.stringify for any values", () => {
    fc.assert(
      fc.property(customer, projection, (stored, shown) => {
        const written = customerSerializer(definitions, shown)(rowOf(stored));
        const expected = model(stored, shown);
        expect(JSON.parse(written)).toEqual(expected);
        expect(Object.keys(JSON.parse(written))).toEqual(Object.keys(expected));
      }),
      { numRuns: 500 * inject("random").scale },
    );
  });

  test("carries nothing over from the previous row", () => {
    fc.assert(
      fc.property(fc.array(customer, { minLength: 2, maxLength: 5 }), (customers) => {
        const write = customerSerializer(definitions, { attributes: null, fieldIds: null });
        for (const stored of customers) {
          expect(JSON.parse(write(rowOf(stored)))).toEqual(
            model(stored, { attributes: null, fieldIds: null }),
          );
        }
      }),
    );
  });
});
