import type { Database } from "../database/open.ts";
import { defaultCategoryName, defaultFields } from "../custom-fields/default-fields.ts";
import { writingAs } from "../database/as-enterprise.ts";
import { newIdAt } from "../new-id.ts";
import * as store from "./store.ts";

/** Founds an enterprise with its default category and fields, all of it or nothing. Answers with its id. */
export async function createEnterprise(operator: Database["operator"], name: string, now: Date): Promise<string> {
  const id = newIdAt(now);
  const categoryId = newIdAt(now);
  const fields = defaultFields.map((field) => ({
    ...field,
    id: newIdAt(now),
    optionIds: (field.options ?? []).map(() => newIdAt(now)),
  }));
  const founding = store.insert(id, name, now);
  return writingAs(operator, { enterpriseId: id, app: null }, { founding }, async (database) => {
    await database.batch([
      store.insertDefaultCategory(id, categoryId, defaultCategoryName, now),
      store.insertDefaultFields(id, categoryId, fields, now),
    ]);
    return id;
  });
}

export type EnterpriseSummary = { id: string; name: string; createdAt: Date };

export async function listEnterprises(operator: Database["operator"]): Promise<EnterpriseSummary[]> {
  const { rows } = await operator.query<EnterpriseSummary>(
    `select id, name, created_at as "createdAt" from enterprises order by created_at, id`,
  );
  return rows;
}
