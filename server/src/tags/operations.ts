import { pageOf } from "@clientele/contract/envelopes";
import { bodyError, Problem, problemOf } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import { timestampOf } from "@clientele/contract/formats";
import type * as contract from "@clientele/contract/tags";
import type { Call, Operation } from "../call.ts";
import { bumpDefinitions } from "../custom-fields/definitions.ts";
import { removeTag, renameTag } from "../customers/tagged-customers.ts";
import type { Sql } from "../database/sql.ts";
import { violates } from "../database/sqlstate.ts";
import { append } from "../journal/append.ts";
import { normalized } from "../text/normalize.ts";
import * as store from "./store.ts";

export const list: Operation<typeof contract.listTags> = async ({ database }, { query }) => {
  const { page, limit, offset } = pageOf(query);
  const { tags, total } = await store.list(database, { offset, limit });
  return { data: tags.map(answerTag), total, page, limit };
};

export const create: Operation<typeof contract.createTag> = async (call, { body }) => {
  const { database, now } = call;
  const tag = { id: call.newId(), name: readName(body.name), createdAt: now, updatedAt: now };
  await write(call, [
    store.insert(database.enterpriseId, tag),
    append(call, "tag", "request", [
      { subjectId: tag.id, kind: "created", version: 0, before: null, after: { name: tag.name } },
    ]),
  ]);
  return { data: answerTag(tag) };
};

export const rename: Operation<typeof contract.renameTag> = async (call, { params, body }) => {
  const current = await findTag(call, params.tagId);
  const tag = { ...current, name: readName(body.name), updatedAt: call.now };
  if (tag.name === current.name) return { data: answerTag(current) };
  await write(call, [
    store.rename(call.database.enterpriseId, tag),
    append(call, "tag", "request", [
      {
        subjectId: tag.id,
        kind: "updated",
        version: 0,
        before: { name: current.name },
        after: { name: tag.name },
      },
    ]),
    ...renameTag(call, tag.id),
  ]);
  return { data: answerTag(tag) };
};

export const remove: Operation<typeof contract.deleteTag> = async (call, { params }) => {
  const { id, name } = await findTag(call, params.tagId);
  await write(call, [
    ...removeTag(call, id),
    store.remove(call.database.enterpriseId, id),
    append(call, "tag", "request", [
      { subjectId: id, kind: "deleted", version: 0, before: { name }, after: null },
    ]),
  ]);
  return { data: { id } };
};

async function findTag(call: Call, id: string): Promise<store.TagRow> {
  const tag = await store.find(call.database, id);
  if (!tag) throw new Problem("TAG_NOT_FOUND");
  return tag;
}

async function write(call: Call, statements: readonly Sql[]): Promise<void> {
  try {
    await call.database.batch(statements);
    await bumpDefinitions(call.database);
  } catch (error) {
    if (!violates(error, "tags_name_key")) throw error;
    throw problemOf([bodyError("name", "NAME_TAKEN", reason("TAG_NAME_TAKEN"))]);
  }
}

function readName(written: string): string {
  const name = normalized(written);
  if (name === "") throw problemOf([bodyError("name", "REQUEST_INVALID", reason("EMPTY"))]);
  return name;
}

const answerTag = ({ id, name, createdAt, updatedAt }: store.TagRow) => ({
  id,
  name,
  createdAt: timestampOf(createdAt),
  updatedAt: timestampOf(updatedAt),
});
