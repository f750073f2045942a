import { Type } from "typebox";
import { Deleted, Paging } from "./envelopes.ts";
import { closed, ExternalId, Id, Nullable, Timestamp } from "./formats.ts";
import { route } from "./route.ts";

export const Category = Type.Object(
  {
    id: Id,
    externalId: Type.String(),
    name: Type.String(),
    translationKey: Type.String(),
    orderIndex: Type.Integer(),
    isDefault: Type.Boolean({
      description: "The default category receives the fields of deleted categories and cannot be deleted.",
    }),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  },
  { title: "Category" },
);

const name = Type.String({ minLength: 1, maxLength: 255 });
const others = {
  external_id: Type.Optional(Nullable(ExternalId)),
  order_index: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
};
const CategoryCreate = Type.Object({ name, ...others }, closed);
const CategoryUpdate = Type.Object({ name: Type.Optional(name), ...others }, closed);

export const categoryParams = Type.Object({ categoryId: Type.String() });
const params = categoryParams;
const path = "/v1/enterprise-customers/customfields/categories";
const group = "Custom fields";

export const listCategories = route({
  operationId: "listCategories",
  method: "GET",
  path,
  group,
  summary: "List the categories",
  scope: "READ",
  query: Type.Object({ ...Paging }),
  status: 200,
  shape: "list",
  answer: Category,
  errors: ["REQUEST_INVALID"],
});

export const createCategory = route({
  operationId: "createCategory",
  method: "POST",
  path,
  group,
  summary: "Create a category",
  scope: "WRITE",
  changes: "definitions",
  personScope: "ADMIN",
  body: CategoryCreate,
  status: 201,
  shape: "single",
  answer: Category,
  errors: ["REQUEST_INVALID", "NAME_TAKEN", "EXTERNAL_ID_INVALID", "EXTERNAL_ID_TAKEN"],
});

export const fetchCategory = route({
  operationId: "fetchCategory",
  method: "GET",
  path: `${path}/{categoryId}`,
  group,
  summary: "Fetch a category",
  scope: "READ",
  params,
  status: 200,
  shape: "single",
  answer: Category,
  errors: ["CATEGORY_NOT_FOUND"],
});

export const updateCategory = route({
  operationId: "updateCategory",
  method: "PATCH",
  path: `${path}/{categoryId}`,
  group,
  summary: "Update a category",
  scope: "WRITE",
  changes: "definitions",
  personScope: "ADMIN",
  params,
  body: CategoryUpdate,
  status: 200,
  shape: "single",
  answer: Category,
  errors: [
    "REQUEST_INVALID",
    "CATEGORY_NOT_FOUND",
    "NAME_TAKEN",
    "EXTERNAL_ID_INVALID",
    "EXTERNAL_ID_TAKEN",
    "VERSION_MISMATCH",
  ],
});

export const deleteCategory = route({
  operationId: "deleteCategory",
  method: "DELETE",
  path: `${path}/{categoryId}`,
  group,
  summary: "Delete a category",
  description: "Its fields move to the default category.",
  scope: "DELETE",
  changes: "definitions",
  personScope: "ADMIN",
  params,
  status: 200,
  shape: "single",
  answer: Deleted,
  errors: ["CATEGORY_NOT_FOUND", "CATEGORY_PROTECTED", "VERSION_MISMATCH"],
});

export const orderCategories = route({
  operationId: "orderCategories",
  method: "POST",
  path: `${path}/order`,
  group,
  summary: "Reorder categories",
  description:
    "The categories in `ids` come first, in the order given; the others follow in their current order. Each category gets a distinct `orderIndex`.",
  scope: "WRITE",
  changes: "definitions",
  personScope: "ADMIN",
  extension: true,
  body: Type.Object(
    { ids: Type.Array(Type.String(), { maxItems: 1_000 }) },
    { ...closed, title: "CategoryOrder" },
  ),
  status: 200,
  shape: "single",
  answer: Type.Object({ categories: Type.Array(Category, { description: "All categories, in order." }) }),
  errors: ["REQUEST_INVALID", "CATEGORY_UNKNOWN"],
});
