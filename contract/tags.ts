import { Type } from "typebox";
import { Deleted, Paging } from "./envelopes.ts";
import { closed, Id, Timestamp } from "./formats.ts";
import { route } from "./route.ts";

export const Tag = Type.Object(
  {
    id: Id,
    name: Type.String(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  },
  { title: "Tag" },
);

const TagWrite = Type.Object({ name: Type.String({ minLength: 1, maxLength: 100 }) }, closed);
const params = Type.Object({ tagId: Type.String() });
const path = "/v1/customer-tags";
const group = "Tags";

export const listTags = route({
  operationId: "listTags",
  method: "GET",
  path,
  group,
  summary: "List the tags by name",
  description:
    "The number of customers with a tag is the `total` of `GET /v1/enterprise-customers?tag_ids=…`.",
  scope: "READ",
  extension: true,
  query: Type.Object({ ...Paging }),
  status: 200,
  shape: "list",
  answer: Tag,
  errors: ["REQUEST_INVALID"],
});

export const createTag = route({
  operationId: "createTag",
  method: "POST",
  path,
  group,
  summary: "Create a tag",
  scope: "WRITE",
  changes: "definitions",
  extension: true,
  body: TagWrite,
  status: 201,
  shape: "single",
  answer: Tag,
  errors: ["REQUEST_INVALID", "NAME_TAKEN"],
});

export const renameTag = route({
  operationId: "renameTag",
  method: "PATCH",
  path: `${path}/{tagId}`,
  group,
  summary: "Rename a tag",
  scope: "WRITE",
  changes: "definitions",
  extension: true,
  params,
  body: TagWrite,
  status: 200,
  shape: "single",
  answer: Tag,
  errors: ["REQUEST_INVALID", "TAG_NOT_FOUND", "NAME_TAKEN"],
});

export const deleteTag = route({
  operationId: "deleteTag",
  method: "DELETE",
  path: `${path}/{tagId}`,
  group,
  summary: "Delete a tag",
  description:
    "Removes the tag from all customers and records the removal in the history of each affected customer.",
  scope: "DELETE",
  changes: "definitions",
  extension: true,
  params,
  status: 200,
  shape: "single",
  answer: Deleted,
  errors: ["TAG_NOT_FOUND"],
});
