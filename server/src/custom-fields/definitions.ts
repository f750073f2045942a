import type { CustomField } from "@clientele/contract/custom-fields";
import { Problem } from "@clientele/contract/errors";
import type { Static } from "@clientele/contract/formats";
import { LRUCache } from "lru-cache";
import { RE2JS } from "re2js";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { isMultiple } from "./field-types.ts";
import * as store from "./store.ts";
import { type FieldKey, fieldKeyOf } from "./values/field-key.ts";

export type SelectOption = Static<typeof CustomField>["selectOptions"][number];

/** A stored field with derived attributes. */
export type Field = store.StoredField & {
  /** The key of the field's values. */
  key: FieldKey;
  isMultiple: boolean;
  pattern: RE2JS | null;
  /** Index in definition order. */
  position: number;
};

/** The fields and tags of an enterprise at one revision. */
export type Definitions = {
  revision: number;
  /** In definition order: by category, then by field. */
  fields: readonly Field[];
  byId: ReadonlyMap<string, Field>;
  byKey: ReadonlyMap<FieldKey, Field>;
  byDefaultId: ReadonlyMap<string, Field>;
  byLabel: ReadonlyMap<string, Field>;
  /** The ids of deleted fields, of which the journal has values. */
  deletedFieldIds: ReadonlyMap<FieldKey, string>;
  tagNames: ReadonlyMap<string, string>;
};

const cache = new LRUCache<string, Definitions>({ max: 2_000 });

/** A field by its id or `defaultId`. */
export const findField = (definitions: Definitions, name: string): Field | undefined =>
  definitions.byId.get(name) ?? definitions.byDefaultId.get(name);

/** A stored value is of a field that is newer than the definitions. */
class FieldUnknown extends Error {}

/** The id of a field, deleted or not, by the key of its values. */
export function fieldIdOf({ byKey, deletedFieldIds }: Definitions, key: FieldKey): string {
  const id = byKey.get(key)?.id ?? deletedFieldIds.get(key);
  if (id === undefined) throw new FieldUnknown(`No field has the number ${key}.`);
  return id;
}

/** The definitions inside a write, where a lock keeps them unchanged. */
export async function currentDefinitions(database: EnterpriseDatabase): Promise<Definitions> {
  const cached = cache.get(database.enterpriseId);
  return cached && cached.revision === database.session.definitionsRevision ? cached : load(database);
}

const attemptsMax = 5;

/**
 * Runs a read with cached definitions and repeats it with fresh ones when its own round trip reports a newer
 * revision. A read therefore needs no extra query to check the revision.
 */
export async function withDefinitions<T>(
  database: EnterpriseDatabase,
  read: (definitions: Definitions) => Promise<T>,
): Promise<T> {
  let definitions = cache.get(database.enterpriseId) ?? (await load(database));
  const areCurrent = () =>
    database.isAuthorized && database.session.definitionsRevision === definitions.revision;
  for (let attempt = 1; ; attempt++) {
    try {
      const result = await read(definitions);
      if (areCurrent()) return result;
    } catch (error) {
      // An error may come from outdated definitions and is retried; a failure to reach the database is not.
      const isOfField = error instanceof FieldUnknown && attempt < attemptsMax;
      const isOfRequest = error instanceof Problem && database.isAuthorized && !areCurrent();
      if (!isOfField && !isOfRequest) throw error;
    }
    definitions = await load(database);
  }
}

/**
 * Increments the revision and returns the definitions as changed in this transaction. They are not cached,
 * because the transaction may still roll back.
 */
export async function bumpDefinitions(database: EnterpriseDatabase): Promise<Definitions> {
  const { revision } = await database.one(store.bumpRevision(database.enterpriseId));
  return readAll(database, revision);
}

async function load(database: EnterpriseDatabase): Promise<Definitions> {
  const definitions = await readAll(database);
  cache.set(database.enterpriseId, definitions);
  return definitions;
}

async function readAll(database: EnterpriseDatabase, revision?: number): Promise<Definitions> {
  const { fields, deletedFields, tags } = await store.readDefinitions(database);
  return {
    revision: revision ?? database.session.definitionsRevision,
    ...indexed(fields.map(fieldOf)),
    deletedFieldIds: new Map(deletedFields.map(({ id, number }) => [fieldKeyOf(number), id])),
    tagNames: new Map(tags.map(({ id, name }) => [id, name])),
  };
}

const indexed = (fields: readonly Field[]) => ({
  fields,
  byId: new Map(fields.map((field) => [field.id, field])),
  byKey: new Map(fields.map((field) => [field.key, field])),
  byDefaultId: new Map(
    fields.filter((field) => field.defaultId !== "").map((field) => [field.defaultId, field]),
  ),
  byLabel: new Map(fields.map((field) => [field.label, field])),
});

/** A field that is planned, or deleted: its number identifies no stored field. */
export type DraftField = store.FieldState & { number: number };

/** A field as it would be stored, for dry runs. */
export const draftField = (field: DraftField, position: number): Field =>
  fieldOf({ ...field, version: 0, createdAt: new Date(0), updatedAt: new Date(0) }, position);

/** The definitions with fields that are not stored yet. */
export function definitionsWith(definitions: Definitions, added: readonly DraftField[]): Definitions {
  if (added.length === 0) return definitions;
  const count = definitions.fields.length;
  const fields = added.map((field, index) => draftField(field, count + index));
  return { ...definitions, ...indexed([...definitions.fields, ...fields]) };
}

function fieldOf(row: store.StoredField, position: number): Field {
  const { pattern } = row.validation;
  return {
    ...row,
    key: fieldKeyOf(row.number),
    isMultiple: isMultiple(row.type),
    pattern: pattern === undefined ? null : RE2JS.compile(pattern),
    position,
  };
}
