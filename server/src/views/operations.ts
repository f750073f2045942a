import { pageOf } from "@clientele/contract/envelopes";
import { bodyError, Problem, problemOf } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import { timestampOf } from "@clientele/contract/formats";
import * as contract from "@clientele/contract/views";
import type { Call, Operation } from "../call.ts";
import { currentDefinitions, type Definitions, withDefinitions } from "../custom-fields/definitions.ts";
import { notAFilter, unknownFilters } from "../customers/list/filters.ts";
import type { Sql } from "../database/sql.ts";
import { violates } from "../database/sqlstate.ts";
import { normalized } from "../text/normalize.ts";
import { withoutDeletedNames } from "./current-definition.ts";
import * as store from "./store.ts";

export const list: Operation<typeof contract.listViews> = (call, { query }) =>
  withDefinitions(call.database, async (definitions) => {
    const { page, limit, offset } = pageOf(query);
    const { views, total } = await store.list(call.database, ownerOf(call), { offset, limit });
    return { data: views.map((view) => answer(call, definitions, view)), total, page, limit };
  });

export const create: Operation<typeof contract.createView> = async (call, { body }) => {
  const { database, now } = call;
  const view = {
    id: call.newId(),
    ownerId: ownerOf(call),
    name: readName(body.name),
    isShared: body.is_shared ?? false,
    definition: readDefinition(body.definition),
    createdAt: now,
    updatedAt: now,
  };
  await write(call, store.insert(database.enterpriseId, view));
  return { data: answer(call, await currentDefinitions(database), view) };
};

export const update: Operation<typeof contract.updateView> = async (call, { params, body }) => {
  const { database, now } = call;
  const current = await changeable(call, params.viewId);
  const view = {
    ...current,
    name: body.name === undefined ? current.name : readName(body.name),
    isShared: body.is_shared ?? current.isShared,
    definition: body.definition === undefined ? current.definition : readDefinition(body.definition),
    updatedAt: now,
  };
  await write(call, store.update(database.enterpriseId, view));
  return { data: answer(call, await currentDefinitions(database), view) };
};

export const remove: Operation<typeof contract.deleteView> = async (call, { params }) => {
  const { id } = await changeable(call, params.viewId);
  await call.database.batch([store.remove(call.database.enterpriseId, id)]);
  return { data: { id } };
};

export const fetchCurrent: Operation<typeof contract.fetchCurrentView> = (call) =>
  withDefinitions(call.database, async (definitions) => {
    const current = await store.fetchCurrent(call.database, ownerOf(call));
    return { data: answerCurrent(definitions, current) };
  });

export const keepCurrent: Operation<typeof contract.keepCurrentView> = async (call, { body }) => {
  const { database } = call;
  const current = { definition: readDefinition(body.definition), updatedAt: call.now };
  await database.batch([store.keepCurrent(database.enterpriseId, ownerOf(call), call.newId(), current)]);
  return { data: answerCurrent(await currentDefinitions(database), current) };
};

/** The person, or for programs the app, that owns the views. */
const ownerOf = ({ personId, appId }: Call): string => personId ?? appId ?? "";

/** Locks the view for a write. Shared views of others are read-only except with the scope ADMIN. */
async function changeable(call: Call, id: string): Promise<store.View> {
  const view = await store.lock(call.database, ownerOf(call), id);
  if (!view) throw new Problem("VIEW_NOT_FOUND");
  const isAdministrator = call.database.session.scopes.includes("ADMIN");
  if (view.ownerId !== ownerOf(call) && !isAdministrator) throw new Problem("SCOPE_MISSING");
  return view;
}

async function write(call: Call, statement: Sql): Promise<void> {
  try {
    await call.database.batch([statement]);
  } catch (error) {
    if (!violates(error, "customer_views_name_key")) throw error;
    throw problemOf([bodyError("name", "NAME_TAKEN", reason("VIEW_NAME_TAKEN"))]);
  }
}

function readName(written: string): string {
  const name = normalized(written);
  if (name === "") throw problemOf([bodyError("name", "REQUEST_INVALID", reason("EMPTY"))]);
  return name;
}

function readDefinition(definition: store.Definition): store.Definition {
  const fieldErrors = unknownFilters(definition.query ?? {}).map((name) =>
    bodyError(`definition.query.${name}`, notAFilter.code, notAFilter),
  );
  if (Buffer.byteLength(JSON.stringify(definition)) > contract.viewBytesMax) {
    const why = reason("TOO_MANY_BYTES", { max: contract.viewBytesMax });
    fieldErrors.push(bodyError("definition", "REQUEST_INVALID", why));
  }
  if (fieldErrors.length > 0) throw problemOf(fieldErrors);
  return definition;
}

const answer = (call: Call, definitions: Definitions, view: store.View) => ({
  id: view.id,
  name: view.name,
  isShared: view.isShared,
  isOwn: view.ownerId === ownerOf(call),
  definition: withoutDeletedNames(definitions, view.definition),
  createdAt: timestampOf(view.createdAt),
  updatedAt: timestampOf(view.updatedAt),
});

const answerCurrent = (definitions: Definitions, current: store.Current | undefined) => ({
  definition: current ? withoutDeletedNames(definitions, current.definition) : {},
  updatedAt: current ? timestampOf(current.updatedAt) : null,
});
