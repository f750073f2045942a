import { Type } from "typebox";
import { Deleted, Paging } from "./envelopes.ts";
import { closed, ExternalId, Id, ListParameter, Nullable, OneOf, Timestamp } from "./formats.ts";
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
  personScope: "ADMIN",
  params,
  body: CustomFieldUpdate,
  status: 200,
  shape: "single",
  answer: CustomField,
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
  personScope: "ADMIN",
  params,
  status: 200,
  shape: "single",
  answer: Deleted,
  errors: ["FIELD_NOT_FOUND", "FIELD_PROTECTED", "VERSION_MISMATCH"],
});
