import { Type } from "typebox";
import { CustomerFilters } from "./customers.ts";
import { Deleted, Paging } from "./envelopes.ts";
import { closed, Id, Nullable, OneOf, Timestamp } from "./formats.ts";
import { route } from "./route.ts";

/** Maximum size of a definition as JSON. */
export const viewBytesMax = 32 * 1024;

const column = Type.Object(
  {
    id: Type.String({ maxLength: 100, description: "A customer attribute or a field's id." }),
    width: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: "In pixels." })),
    isHidden: Type.Optional(Type.Boolean()),
  },
  closed,
);

export const ViewDefinition = Type.Object(
  {
    columns: Type.Optional(
      Type.Array(column, { maxItems: 1_000, description: "The columns in display order." }),
    ),
    sort: Type.Optional(Type.String({ maxLength: 100, description: "A `sort` value of the customer list." })),
    sortType: Type.Optional(OneOf(["asc", "desc"])),
    query: Type.Optional(CustomerFilters),
  },
  {
    ...closed,
    title: "ViewDefinition",
    description: "At most 32 KiB as JSON. Answers omit deleted fields and tags.",
  },
);

export const CustomerView = Type.Object(
  {
    id: Id,
    name: Type.String(),
    isShared: Type.Boolean({ description: "Shared with everybody in the enterprise." }),
    isOwn: Type.Boolean({ description: "True when the caller owns the view." }),
    definition: ViewDefinition,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  },
  { title: "CustomerView" },
);

export const CurrentView = Type.Object(
  {
    definition: ViewDefinition,
    updatedAt: Nullable({ ...Timestamp, description: "Null until the caller has saved the table." }),
  },
  { title: "CurrentView" },
);

const written = {
  name: Type.String({ minLength: 1, maxLength: 100 }),
  is_shared: Type.Optional(Type.Boolean()),
  definition: ViewDefinition,
};

const group = "Views";
const path = "/v1/customer-views";
const params = Type.Object({ viewId: Type.String() });
// Views only arrange data that the caller may read, so READ is enough to write them.
const view = { group, scope: "READ", extension: true, shape: "single" } as const;

export const listViews = route({
  operationId: "listViews",
  method: "GET",
  path,
  ...view,
  summary: "List the caller's own and the shared views, by name",
  query: Type.Object({ ...Paging }),
  status: 200,
  shape: "list",
  answer: CustomerView,
  errors: ["REQUEST_INVALID"],
});

export const createView = route({
  operationId: "createView",
  method: "POST",
  path,
  ...view,
  summary: "Create a view",
  body: Type.Object(written, closed),
  status: 201,
  answer: CustomerView,
  errors: ["REQUEST_INVALID", "NAME_TAKEN"],
});

export const updateView = route({
  operationId: "updateView",
  method: "PATCH",
  path: `${path}/{viewId}`,
  ...view,
  summary: "Change a view",
  description:
    "Only the owner can change a view; with the scope ADMIN, callers can also change shared views of others.",
  params,
  body: Type.Object(Type.Partial(Type.Object(written)).properties, closed),
  status: 200,
  answer: CustomerView,
  errors: ["REQUEST_INVALID", "VIEW_NOT_FOUND", "NAME_TAKEN"],
});

export const deleteView = route({
  operationId: "deleteView",
  method: "DELETE",
  path: `${path}/{viewId}`,
  ...view,
  summary: "Delete a view",
  description:
    "Only the owner can delete a view; with the scope ADMIN, callers can also delete shared views of others.",
  params,
  status: 200,
  answer: Deleted,
  errors: ["VIEW_NOT_FOUND"],
});

export const fetchCurrentView = route({
  operationId: "fetchCurrentView",
  method: "GET",
  path: `${path}/current`,
  ...view,
  summary: "Fetch the caller's current table layout",
  status: 200,
  answer: CurrentView,
  errors: [],
});

export const keepCurrentView = route({
  operationId: "keepCurrentView",
  method: "PATCH",
  path: `${path}/current`,
  ...view,
  summary: "Save the caller's current table layout",
  body: Type.Object({ definition: ViewDefinition }, closed),
  status: 200,
  answer: CurrentView,
  errors: ["REQUEST_INVALID"],
});
