import { Type } from "typebox";
import { Deleted, Paging, reasonAttributes } from "./envelopes.ts";
import { closed, ExternalId, Id, ListParameter, Nullable, OneOf, StrictFlag, Timestamp } from "./formats.ts";
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
    isActive: Type.Boolean({ description: "Customers keep the value of a removed option." }),
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
        description: "RE2 syntax, evaluated in linear time. The pattern must match the whole value.",
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
      description: 'Stable name of a default field; `""` for fields that the enterprise has created.',
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
  customerIds: Type.Array(Id, { description: "The first 20." }),
});

export const fieldRules = ["mandatory", "type", "unique", "validation"] as const;
export type FieldRule = (typeof fieldRules)[number];

/** The effect of a field change on the stored customers. */
export const FieldEffect = Type.Object(
  {
    losing: { ...Affected, description: "Customers that would lose their value." },
    rewritten: Type.Integer({
      description: "Number of customers whose value would be rewritten in another form.",
    }),
    breaking: Type.Array(
      Type.Object({
        rule: OneOf(fieldRules),
        isRefused: Type.Boolean({
          description:
            "True when the rule rejects the change. False for `validation`, which applies to new writes only.",
        }),
        ...Affected.properties,
      }),
      { description: "Rules that stored values break, with the affected customers." },
    ),
    options: Type.Array(
      Type.Object({
        value: Type.String(),
        customers: Type.Integer({ description: "Number of customers that have the option now." }),
        becomes: OneOf(["kept", "renamed", "inactive", "gone"], {
          description: "A removed option that customers have becomes inactive; they keep the value.",
        }),
      }),
      { description: "All options of the field." },
    ),
  },
  { title: "FieldEffect" },
);

const effect = Type.Optional(FieldEffect);
const dryRun = {
  query: Type.Object({
    dry_run: Type.Optional({
      ...StrictFlag,
      description: "Extension: writes nothing and returns the `effect` of the change.",
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
  category_id: Type.Optional(
    Nullable(Type.String({ description: "A new field without `category_id` goes to the default category." })),
  ),
  external_id: Type.Optional(Nullable(ExternalId)),
  placeholder: Type.Optional(Nullable(Type.String({ maxLength: 255 }))),
  select_options: Type.Optional(
    Type.Array(SelectOptionWrite, {
      maxItems: 1_000,
      description:
        "Strings or objects. An update matches options by `id`, otherwise by value. An option matched by `id` can be renamed; customers that have it get the new value. Options missing from the list are removed; an option that a customer still has becomes inactive and is removed by a later write of the options once no customer has it.",
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
    category_id: Type.Optional(Type.String({ description: "Extension: only fields of this category." })),
    type: ListParameter(FieldTypeName, "Extension: only fields of these types."),
    q: Type.Optional(
      Type.String({ maxLength: 255, description: "Extension: text contained in the label or `defaultId`." }),
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
  description: "A new custom field is available to all customers.",
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
    "Making a field unique or mandatory, or changing its type, is checked against the stored values: the response is 409, with the count and up to 20 customer ids in `extras`, when some values break the rule. A type change rewrites values that the new type stores in another form and records the change in the history of each affected customer. A new `validation` replaces the old one and applies to new writes only; stored values stay.",
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
  description:
    "Removes the field's values from all customers and records the removal in the history of each affected customer.",
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
  summary: "Validate values against a field definition",
  description:
    "Returns for each value whether a field with this type, validation and options accepts it, and the stored form. The field need not exist. Nothing is written.",
  scope: "READ",
  extension: true,
  body: Type.Object(
    {
      type: FieldTypeName,
      validation: others.validation,
      select_options: others.select_options,
      values: Type.Array(Type.Union([Type.String(), Type.Array(Type.String(), { maxItems: 1_000 })]), {
        maxItems: 100,
        description: "Each entry is a `value` as in a write, or the `values` of a MULTI_SELECT.",
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
        value: Type.String({ description: "The value in its stored form." }),
        values: Type.Array(Type.String()),
      }),
      { description: "One result per value, in the order given." },
    ),
  }),
  errors: ["REQUEST_INVALID"],
});

export const orderCustomFields = route({
  operationId: "orderCustomFields",
  method: "POST",
  path: `${path}/order`,
  group,
  summary: "Reorder custom fields",
  description:
    "The fields in `ids` come first in their category, in the order given; the other fields of the category follow in their current order. With `category_id` the fields in `ids` move to that category. Each field of a category gets a distinct `orderIndex`.",
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
  answer: Type.Object({ fields: Type.Array(CustomField, { description: "All fields, in order." }) }),
  errors: ["REQUEST_INVALID", "FIELD_UNKNOWN", "CATEGORY_UNKNOWN"],
});
