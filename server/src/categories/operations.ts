import type * as contract from "@clientele/contract/categories";
import { pageOf } from "@clientele/contract/envelopes";
import { bodyError, type FieldError, Problem, problemOf } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import { timestampOf } from "@clientele/contract/formats";
import type { RequestOf } from "@clientele/contract/route";
import type { Call, Operation } from "../call.ts";
import { bumpDefinitions } from "../custom-fields/definitions.ts";
import { moveFields } from "../custom-fields/move-fields.ts";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import type { Sql } from "../database/sql.ts";
import { violates } from "../database/sqlstate.ts";
import { readExternalId } from "../ids/external-id.ts";
import { append } from "../journal/append.ts";
import { changedColumns } from "../journal/difference.ts";
import { normalized } from "../text/normalize.ts";
import { required } from "../validation/required.ts";
import type { CategoryState, StoredCategory } from "./store.ts";
import * as store from "./store.ts";

export const list: Operation<typeof contract.listCategories> = async ({ database }, { query }) => {
  const { page, limit, offset } = pageOf(query);
  const { categories, total } = await store.list(database, { offset, limit });
  return { data: categories.map(answerCategory), total, page, limit };
};

export const fetch: Operation<typeof contract.fetchCategory> = async ({ database }, { params }) => {
  const category = await store.find(database, params.categoryId);
  if (!category) throw new Problem("CATEGORY_NOT_FOUND");
  return { data: answerCategory(category), version: category.version };
};

export const create: Operation<typeof contract.createCategory> = async (call, { body }) => {
  const { database } = call;
  const orderIndex = body.order_index ?? (await store.nextOrderIndex(database));
  const emptyCategory = { externalId: "", name: "", translationKey: "", isDefault: false };
  const category = applyInput({ ...emptyCategory, id: call.newId(), orderIndex }, body);
  const stored = await write(call, store.insert(database.enterpriseId, category, call.now));
  return journalAndAnswer(call, null, stored);
};

export const update: Operation<typeof contract.updateCategory> = async (call, { params, body }) => {
  const before = await findCategory(call, params.categoryId);
  const category = applyInput(before, body);
  if (changedColumns(store.journaledAttributes, before, category) === null)
    return { data: answerCategory(before), version: before.version };
  const stored = await write(call, store.update(call.database.enterpriseId, category, call.now));
  return journalAndAnswer(call, before, stored);
};

export const remove: Operation<typeof contract.deleteCategory> = async (call, { params }) => {
  const { database } = call;
  const category = await findCategory(call, params.categoryId);
  if (category.isDefault) throw new Problem("CATEGORY_PROTECTED");
  const defaultCategory = await store.find(database, null);
  await moveFields(call, category.id, required(defaultCategory, "the default category").id);
  await database.batch([
    store.remove(database.enterpriseId, category.id),
    changeOf(call, { id: category.id, version: category.version + 1 }, category, null),
  ]);
  await bumpDefinitions(database);
  return { data: { id: category.id } };
};

/** Reorders categories without ties. */
export const order: Operation<typeof contract.orderCategories> = async (call, { body }) => {
  const { database } = call;
  const categories = await store.listAll(database);
  const fieldErrors: FieldError[] = [];
  const listed = new Set<StoredCategory>();
  for (const [index, id] of body.ids.entries()) {
    const category = categories.find((candidate) => candidate.id === id);
    if (!category)
      fieldErrors.push(bodyError(`ids.${index}`, "CATEGORY_UNKNOWN", reason("CATEGORY_UNKNOWN")));
    else if (listed.has(category))
      fieldErrors.push(bodyError(`ids.${index}`, "REQUEST_INVALID", reason("CATEGORY_REPEATED")));
    else listed.add(category);
  }
  if (fieldErrors.length > 0) throw problemOf(fieldErrors);
  const ordered = [...listed, ...categories.filter((category) => !listed.has(category))];
  const moved = ordered.flatMap((before, orderIndex) =>
    before.orderIndex === orderIndex
      ? []
      : [{ before, after: { ...before, orderIndex, version: before.version + 1 } }],
  );
  if (moved.length > 0) {
    await database.batch(
      moved.flatMap(({ before, after }) => [
        store.update(database.enterpriseId, after, call.now),
        changeOf(call, after, before, after),
      ]),
    );
    await bumpDefinitions(database);
  }
  return { data: { categories: (await store.listAll(database)).map(answerCategory) } };
};

/** The id of a field's category; null stands for the default one. Undefined when it does not exist. */
export const findCategoryId = async (
  database: EnterpriseDatabase,
  categoryId: string | null,
): Promise<string | undefined> => (await store.find(database, categoryId))?.id;

/**
 * The category in the path. Throws CATEGORY_NOT_FOUND or VERSION_MISMATCH. The lock on definitions keeps it
 * unchanged.
 */
async function findCategory(call: Call, id: string): Promise<StoredCategory> {
  const category = await store.find(call.database, id);
  if (!category) throw new Problem("CATEGORY_NOT_FOUND");
  if (call.expectedVersion !== undefined && call.expectedVersion !== category.version)
    throw new Problem("VERSION_MISMATCH");
  return category;
}

type CategoryInput = RequestOf<typeof contract.updateCategory>["body"];

function applyInput<T extends CategoryState>(category: T, input: CategoryInput): T {
  const fieldErrors: FieldError[] = [];
  const name = input.name === undefined ? category.name : normalized(input.name);
  if (name === "") fieldErrors.push(bodyError("name", "REQUEST_INVALID", reason("EMPTY")));
  const externalId = readExternalId(input.external_id, fieldErrors);
  if (fieldErrors.length > 0) throw problemOf(fieldErrors);
  return {
    ...category,
    name,
    externalId: externalId === undefined ? category.externalId : (externalId ?? ""),
    orderIndex: input.order_index ?? category.orderIndex,
  };
}

async function write({ database }: Call, statement: Sql<StoredCategory>): Promise<StoredCategory> {
  try {
    return await database.one(statement);
  } catch (error) {
    if (violates(error, "categories_name_key"))
      throw problemOf([bodyError("name", "NAME_TAKEN", reason("CATEGORY_NAME_TAKEN"))]);
    if (violates(error, "categories_external_id_key"))
      throw problemOf([bodyError("external_id", "EXTERNAL_ID_TAKEN", reason("TAKEN_BY_CATEGORY"))]);
    throw error;
  }
}

async function journalAndAnswer(call: Call, before: StoredCategory | null, stored: StoredCategory) {
  await call.database.batch([changeOf(call, stored, before, stored)]);
  const { revision } = await bumpDefinitions(call.database);
  return { data: answerCategory(stored), version: stored.version, revision };
}

const changeOf = (
  call: Call,
  { id, version }: { id: string; version: number },
  before: StoredCategory | null,
  after: StoredCategory | null,
): Sql =>
  append(call, "category", "request", [
    {
      subjectId: id,
      version,
      ...required(changedColumns(store.journaledAttributes, before, after), "the difference"),
    },
  ]);

const answerCategory = (category: StoredCategory) => ({
  id: category.id,
  externalId: category.externalId,
  name: category.name,
  translationKey: category.translationKey,
  orderIndex: category.orderIndex,
  isDefault: category.isDefault,
  createdAt: timestampOf(category.createdAt),
  updatedAt: timestampOf(category.updatedAt),
});
