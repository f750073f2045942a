import { Type } from "typebox";
import { CustomerFilters } from "./customers.ts";
import { Deleted, Paging } from "./envelopes.ts";
import { closed, Id, Nullable, OneOf, Timestamp } from "./formats.ts";
import { route } from "./route.ts";

/** Of a definition as JSON. */
export const viewBytesMax = 32 * 1024;

const column = Type.Object(
  {
    id: Type.String({ maxLength: 100, description: "An attribute of a customer, or a field's id." }),
    width: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: "Pixels." })),
    isHidden: Type.Optional(Type.Boolean()),
  },
  closed,
);

export const ViewDefinition = Type.Object(
  {
    columns: Type.Optional(Type.Array(column, { maxItems: 1_000, description: "In their order." })),
    sort: Type.Optional(Type.String({ maxLength: 100, description: "As the customer list takes it." })),
    sortType: Type.Optional(OneOf(["asc", "desc"])),
    query: Type.Optional(CustomerFilters),
  },
  {
    ...closed,
    title: "ViewDefinition",
    description: "At most 32 KiB. It is answered without the fields and tags that are gone.",
  },
);

export const CustomerView = Type.Object(
  {
    id: Id,
    name: Type.String(),
    isShared: Type.Boolean({ description: "Everybody of the enterprise has it." }),
    isOwn: Type.Boolean({ description: "Of whoever asks." }),
    definition: ViewDefinition,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  },
  { title: "CustomerView" },
);

export const CurrentView = Type.Object(
  {
    definition: ViewDefinition,
    updatedAt: Nullable({ ...Timestamp, description: "Null when the table was never arranged." }),
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
// To arrange what one reads takes no more than to read.
const view = { group, scope: "READ", extension: true, shape: "single" } as const;

export const listViews = route({
  operationId: "listViews",
  method: "GET",
  path,
  ...view,
  summary: "List one's own views and the shared ones, by name",
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
  summary: "Keep a view",
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
  description: "A shared one is changed by its owner, and with the scope ADMIN.",
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
  description: "A shared one is deleted by its owner, and with the scope ADMIN.",
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
  summary: "How the caller has left the table",
  status: 200,
  answer: CurrentView,
  errors: [],
});

export const keepCurrentView = route({
  operationId: "keepCurrentView",
  method: "PATCH",
  path: `${path}/current`,
  ...view,
  summary: "Remember how the table is left",
  body: Type.Object({ definition: ViewDefinition }, closed),
  status: 200,
  answer: CurrentView,
  errors: ["REQUEST_INVALID"],
});
