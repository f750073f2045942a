import { Type } from "typebox";
import { Deleted, Paging, reasonAttributes } from "./envelopes.ts";
import { closed, ExternalId, Flag, Id, ListParameter, Nullable, OneOf, Timestamp } from "./formats.ts";
import { route } from "./route.ts";

export const fieldTypes = [
  "TEXT",
  "TEXTAREA",
  "EMAIL",
  "PHONE",
  "DATE",
  "SELECT",
  "NUMBER",
  "CHECKBOX",
  "URL",
  "MULTI_SELECT",
] as const;
export type FieldType = (typeof fieldTypes)[number];

/** The fields that every enterprise has, in their initial order. A `defaultId` never changes. */
export const defaultFieldIds = [
  "salutation",
  "firstName",
  "lastName",
  "companyName",
  "email",
  "mobilePhone",
  "landlinePhone",
  "street",
  "zipcode",
  "city",
  "country",
  "birthday",
  "notes",
] as const;
export type DefaultFieldId = (typeof defaultFieldIds)[number];
export const FieldTypeName = OneOf(fieldTypes);

const SelectOption = Type.Object(
  {
    id: Id,
    value: Type.String(),
    label: Type.String(),
    orderIndex: Type.Integer(),
    isActive: Type.Boolean({ description: "A removed option stays on customers that have it." }),
  },
  { title: "SelectOption" },
);

const length = Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 }));
const bound = Type.Optional(Type.Number());
export const FieldValidation = Type.Object(
  {
    minLength: length,
    maxLength: length,
    min: bound,
    max: bound,
    pattern: Type.Optional(
      Type.String({
        maxLength: 256,
        description: "RE2 syntax, run in linear time; it must match the whole value.",
      }),
    ),
  },
  { ...closed, title: "Validation" },
);

export const CustomField = Type.Object(
  {
    id: Id,
    externalId: Type.String(),
    defaultId: Type.String({
      description: 'Stable name of a default field, `""` for the enterprise\'s own.',
    }),
    categoryId: Id,
    type: FieldTypeName,
    label: Type.String(),
    translationKey: Type.String(),
    placeholder: Type.String(),
    selectOptions: Type.Array(SelectOption),
    isMultiple: Type.Boolean(),
    isMandatory: Type.Boolean(),
    isMandatoryOnline: Type.Boolean(),
    isUnique: Type.Boolean(),
    isSearchable: Type.Boolean(),
    isActive: Type.Boolean(),
    isDefault: Type.Boolean(),
    orderIndex: Type.Integer(),
    validation: FieldValidation,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  },
  { title: "CustomField" },
);

const Affected = Type.Object({
  count: Type.Integer(),
  customerIds: Type.Array(Id, { description: "The first 20 of them." }),
});

export const fieldRules = ["mandatory", "type", "unique", "validation"] as const;
export type FieldRule = (typeof fieldRules)[number];

/** What a change of a field would do to the customers that there are. */
export const FieldEffect = Type.Object(
  {
    losing: { ...Affected, description: "Customers that would lose their value." },
    rewritten: Type.Integer({ description: "Customers whose value would be written otherwise." }),
    breaking: Type.Array(
      Type.Object({
        rule: OneOf(fieldRules),
        isRefused: Type.Boolean({
          description: "The change would be refused for them. A new validation is for new writes: it is not.",
        }),
        ...Affected.properties,
      }),
      { description: "The rules that stored values break, and the customers that have them." },
    ),
    options: Type.Array(
      Type.Object({
        value: Type.String(),
        customers: Type.Integer({ description: "That have it now." }),
        becomes: OneOf(["kept", "renamed", "inactive", "gone"], {
          description: "An option that is removed stays, inactive, with the customers that have it.",
        }),
      }),
      { description: "Every option that there is." },
    ),
  },
  { title: "FieldEffect" },
);

const effect = Type.Optional(FieldEffect);
const dryRun = {
  query: Type.Object({
    dry_run: Type.Optional({
      ...Flag,
      description: "Extension: nothing is changed; `effect` tells what would be.",
    }),
  }),
};

const label = Type.String({ minLength: 1, maxLength: 255 });
const optionText = Type.String({ minLength: 1, maxLength: 255 });
const SelectOptionWrite = Type.Union([
  optionText,
  Type.Object(
    {
      id: Type.Optional(Id),
      value: optionText,
      label: Type.Optional(Type.String({ maxLength: 255 })),
      order_index: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
      is_active: Type.Optional(Type.Boolean()),
    },
    closed,
  ),
]);

const others = {
  category_id: Type.Optional(Nullable(Type.String({ description: "The default category when absent." }))),
  external_id: Type.Optional(Nullable(ExternalId)),
  placeholder: Type.Optional(Nullable(Type.String({ maxLength: 255 }))),
  select_options: Type.Optional(
    Type.Array(SelectOptionWrite, {
      maxItems: 1_000,
      description:
        "Texts or objects. On update an option is known again by its `id`, else by its value; named by `id` it can get another value, and the customers that have it follow. Options that are not named are removed: one that a customer has stays, inactive, until a later write of the options finds it with nobody.",
    }),
  ),
  is_mandatory: Type.Optional(Type.Boolean()),
  is_mandatory_online: Type.Optional(Type.Boolean()),
  is_unique: Type.Optional(Type.Boolean()),
  is_searchable: Type.Optional(Type.Boolean()),
  is_active: Type.Optional(Type.Boolean()),
  order_index: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  validation: Type.Optional(Nullable(FieldValidation)),
};
const CustomFieldCreate = Type.Object({ label, type: FieldTypeName, ...others }, closed);
const CustomFieldUpdate = Type.Object(
  { label: Type.Optional(label), type: Type.Optional(FieldTypeName), ...others },
  closed,
);

const path = "/v1/enterprise-customers/customfields";
const group = "Custom fields";
export const fieldParams = Type.Object({
  fieldId: Type.String({ description: "The field's id or its `defaultId`." }),
});
const params = fieldParams;

export const listCustomFields = route({
  operationId: "listCustomFields",
  method: "GET",
  path,
  group,
  summary: "List the custom fields",
  scope: "READ",
  query: Type.Object({
    ...Paging,
    category_id: Type.Optional(Type.String({ description: "Extension: fields of this category only." })),
    type: ListParameter(FieldTypeName, "Extension: fields of these types only."),
    q: Type.Optional(
      Type.String({ maxLength: 255, description: "Extension: part of the label or `defaultId`." }),
    ),
    is_active: Type.Optional(Type.Boolean({ description: "Extension." })),
  }),
  status: 200,
  shape: "list",
  answer: CustomField,
  errors: ["REQUEST_INVALID"],
});

export const createCustomField = route({
  operationId: "createCustomField",
  method: "POST",
  path,
  group,
  summary: "Create a custom field",
  description: "All new custom fields are available to all customers.",
  scope: "WRITE",
  changes: "definitions",
  personScope: "ADMIN",
  body: CustomFieldCreate,
  status: 201,
  shape: "single",
  answer: CustomField,
  errors: ["REQUEST_INVALID", "CATEGORY_UNKNOWN", "EXTERNAL_ID_INVALID", "EXTERNAL_ID_TAKEN", "NAME_TAKEN"],
});

export const fetchCustomField = route({
  operationId: "fetchCustomField",
  method: "GET",
  path: `${path}/{fieldId}`,
  group,
  summary: "Fetch a custom field",
  scope: "READ",
  params,
  status: 200,
  shape: "single",
  answer: CustomField,
  errors: ["FIELD_NOT_FOUND"],
});

export const updateCustomField = route({
  operationId: "updateCustomField",
  method: "PATCH",
  path: `${path}/{fieldId}`,
  group,
  summary: "Update a custom field",
  description:
    "Making it unique or mandatory, or retyping it, is checked against the stored values: 409 with the count and up to 20 customer ids in `extras` when some break the rule. Retyped values are rewritten where the new type stores them otherwise, and each such customer's history says so. A new `validation` replaces the old one and is for new writes: stored values stay.",
  scope: "WRITE",
  changes: "definitions",
  personScope: "ADMIN",
  params,
  ...dryRun,
  body: CustomFieldUpdate,
  status: 200,
  shape: "single",
  answer: Type.Object({ ...CustomField.properties, effect }, { title: "ChangedCustomField" }),
  errors: [
    "REQUEST_INVALID",
    "FIELD_NOT_FOUND",
    "FIELD_PROTECTED",
    "CATEGORY_UNKNOWN",
    "EXTERNAL_ID_INVALID",
    "EXTERNAL_ID_TAKEN",
    "NAME_TAKEN",
    "FIELD_RULE_BROKEN",
    "VERSION_MISMATCH",
  ],
});

export const deleteCustomField = route({
  operationId: "deleteCustomField",
  method: "DELETE",
  path: `${path}/{fieldId}`,
  group,
  summary: "Delete a custom field",
  description: "Its values are removed from every customer, and each such customer's history says so.",
  scope: "DELETE",
  changes: "definitions",
  personScope: "ADMIN",
  params,
  ...dryRun,
  status: 200,
  shape: "single",
  answer: Type.Object({ ...Deleted.properties, effect }),
  errors: ["FIELD_NOT_FOUND", "FIELD_PROTECTED", "VERSION_MISMATCH"],
});

export const tryCustomField = route({
  operationId: "tryCustomField",
  method: "POST",
  path: `${path}/try`,
  group,
  summary: "Try values on a field that need not be there",
  description:
    "What a field of the type with this validation and these options would say of each value, and how it would store it. Nothing is written.",
  scope: "READ",
  extension: true,
  body: Type.Object(
    {
      type: FieldTypeName,
      validation: others.validation,
      select_options: others.select_options,
      values: Type.Array(Type.Union([Type.String(), Type.Array(Type.String(), { maxItems: 1_000 })]), {
        maxItems: 100,
        description: "Each as `value` of a write, or as `values` of a MULTI_SELECT.",
      }),
    },
    { ...closed, title: "CustomFieldTrial" },
  ),
  status: 200,
  shape: "single",
  answer: Type.Object({
    results: Type.Array(
      Type.Object({
        fault: Nullable(Type.String({ description: "Null when the value can be stored." })),
        error: Nullable(Type.Object(reasonAttributes)),
        value: Type.String({ description: "As it would be stored." }),
        values: Type.Array(Type.String()),
      }),
      { description: "One for each value, in their order." },
    ),
  }),
  errors: ["REQUEST_INVALID"],
});

export const orderCustomFields = route({
  operationId: "orderCustomFields",
  method: "POST",
  path: `${path}/order`,
  group,
  summary: "Bring custom fields into an order",
  description:
    "The named ones come first in their category, in the order given; the others of it follow as they were. With `category_id` the named ones move there. Afterwards no two of a category have the same `orderIndex`.",
  scope: "WRITE",
  changes: "definitions",
  personScope: "ADMIN",
  extension: true,
  body: Type.Object(
    {
      ids: Type.Array(Type.String({ description: "A field's id or its `defaultId`." }), {
        maxItems: 1_000,
      }),
      category_id: Type.Optional(Type.String()),
    },
    { ...closed, title: "CustomFieldOrder" },
  ),
  status: 200,
  shape: "single",
  answer: Type.Object({ fields: Type.Array(CustomField, { description: "All of them, in order." }) }),
  errors: ["REQUEST_INVALID", "FIELD_UNKNOWN", "CATEGORY_UNKNOWN"],
});
