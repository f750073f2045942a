import type { CustomField, FieldType } from "@clientele/contract/custom-fields";
import { LRUCache } from "lru-cache";
import { RE2JS } from "re2js";
import type { Static } from "typebox";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { type Sql, sql } from "../database/sql.ts";
import * as store from "./store.ts";

export type SelectOption = Static<typeof CustomField>["selectOptions"][number];

/** A custom field as the rules use it: the stored definition, and what is derived of it once. */
export type Field = {
  id: string;
  externalId: string;
  defaultId: string;
  categoryId: string;
  type: FieldType;
  label: string;
  selectOptions: readonly SelectOption[];
  isMultiple: boolean;
  isMandatory: boolean;
  isUnique: boolean;
  isSearchable: boolean;
  isActive: boolean;
  validation: Static<typeof CustomField>["validation"];
  pattern: RE2JS | null;
  /** Its place in definition order. */
  position: number;
};

/** What an enterprise's customers are made of, as of one revision. */
export type Definitions = {
  revision: number;
  /** In definition order: by category, then by field. */
  fields: readonly Field[];
  byId: ReadonlyMap<string, Field>;
  byDefaultId: ReadonlyMap<string, Field>;
  byLabel: ReadonlyMap<string, Field>;
  tagNames: ReadonlyMap<string, string>;
};

const cache = new LRUCache<string, Definitions>({ max: 2_000 });

/** A field by its id or `defaultId`. */
export const fieldNamed = (definitions: Definitions, name: string): Field | undefined =>
  definitions.byId.get(name) ?? definitions.byDefaultId.get(name);

/** The definitions of a database that is already entered: inside a write, where they cannot change. */
export async function currentDefinitions(database: EnterpriseDatabase): Promise<Definitions> {
  const cached = cache.get(database.enterpriseId);
  return cached && cached.revision === database.entered?.definitionsRevision ? cached : load(database);
}

/**
 * A read that rests on the definitions. It runs with those at hand; when its own round trip tells of newer ones it
 * runs again with them, so a read costs no look at the definitions first.
 */
export async function withDefinitions<T>(
  database: EnterpriseDatabase,
  read: (definitions: Definitions) => Promise<T>,
): Promise<T> {
  let definitions = cache.get(database.enterpriseId) ?? (await load(database));
  for (;;) {
    const result = await read(definitions);
    if (database.entered?.definitionsRevision === definitions.revision) return result;
    definitions = await load(database);
  }
}

/** To be sent in every transaction that changes a field, category or tag: all who hold a copy compare it. */
export const moveRevision = ({ enterpriseId }: EnterpriseDatabase): Sql =>
  sql`update enterprises set definitions_revision = definitions_revision + 1 where id = ${enterpriseId}`;

async function load(database: EnterpriseDatabase): Promise<Definitions> {
  const { fields: rows, tags } = await store.readDefinitions(database);
  const fields = rows.map((row, position): Field => {
    const { pattern } = row.validation;
    return {
      ...row,
      isMultiple: row.type === "MULTI_SELECT",
      pattern: pattern === undefined ? null : RE2JS.compile(pattern),
      position,
    };
  });
  const definitions: Definitions = {
    revision: database.entered!.definitionsRevision,
    fields,
    byId: new Map(fields.map((field) => [field.id, field])),
    byDefaultId: new Map(fields.filter((it) => it.defaultId !== "").map((field) => [field.defaultId, field])),
    byLabel: new Map(fields.map((field) => [field.label, field])),
    tagNames: new Map(tags.map(({ id, name }) => [id, name])),
  };
  cache.set(database.enterpriseId, definitions);
  return definitions;
}
