import { Problem } from "@clientele/contract/errors";
import { insertDefaultCategory } from "../categories/insert-default-category.ts";
import { defaultCategoryName, defaultFields } from "../custom-fields/default-fields.ts";
import { insertDefaultFields } from "../custom-fields/insert-default-fields.ts";
import { type EnterpriseDatabase, readingAs, writingAs } from "../database/as-enterprise.ts";
import type { OperatorPool } from "../database/pools.ts";
import { sql } from "../database/sql.ts";
import { newIdAt } from "../ids/new-id.ts";
import { createPosition } from "../journal/position.ts";
import { OperatorError } from "../process/operator-error.ts";
import { checkedName } from "./name.ts";
import * as store from "./store.ts";

/** Creates an enterprise with its default category and fields and returns its id. */
export async function createEnterprise(operator: OperatorPool, name: string, now: Date): Promise<string> {
  const id = newIdAt(now);
  await createEnterpriseWithId(operator, { id, name }, now, async () => undefined);
  return id;
}

/** Creates an enterprise with a given id; `populate` runs in the same transaction. */
export async function createEnterpriseWithId(
  operator: OperatorPool,
  enterprise: { id: string; name: string },
  now: Date,
  populate: (database: EnterpriseDatabase) => Promise<void>,
): Promise<void> {
  const { id } = enterprise;
  const categoryId = newIdAt(now);
  const fields = defaultFields.map((field) => ({
    ...field,
    id: newIdAt(now),
    optionIds: (field.options ?? []).map(() => newIdAt(now)),
  }));
  const createEnterprise = store.insert(
    id,
    checkedName("An enterprise", enterprise.name),
    defaultFields.map(({ defaultId }) => defaultId),
    now,
  );
  await writingAs(
    operator,
    { enterpriseId: id, kind: "operator" },
    { createEnterprise },
    async (database) => {
      await database.batch([
        createPosition(id),
        insertDefaultCategory(id, categoryId, defaultCategoryName, now),
        insertDefaultFields(id, categoryId, fields, now),
      ]);
      await populate(database);
    },
  );
}

export type EnterpriseSummary = { id: string; name: string; createdAt: Date };

export const listEnterprises = (operator: OperatorPool): Promise<EnterpriseSummary[]> =>
  operator.many(
    sql<EnterpriseSummary>`select id, name, created_at as "createdAt" from enterprises order by created_at, id`,
  );

export async function hasEnterprises(operator: OperatorPool): Promise<boolean> {
  const { some } = await operator.one(
    sql<{ some: boolean }>`select exists (select from enterprises) as some`,
  );
  return some;
}

/** Runs an operator's write inside an enterprise. */
export const changeEnterprise = <T>(
  operator: OperatorPool,
  enterpriseId: string,
  work: (database: EnterpriseDatabase) => Promise<T>,
): Promise<T> =>
  writingAs(operator, { enterpriseId, kind: "operator" }, {}, work).catch((error) => {
    throw unknownEnterprise(error, enterpriseId);
  });

/** Runs an operator's read inside an enterprise. */
export const readEnterprise = <T>(
  operator: OperatorPool,
  enterpriseId: string,
  work: (database: EnterpriseDatabase) => Promise<T>,
): Promise<T> =>
  work(readingAs(operator, { enterpriseId, kind: "operator" })).catch((error) => {
    throw unknownEnterprise(error, enterpriseId);
  });

// The operator has no token, so TOKEN_INVALID means that the enterprise does not exist.
const unknownEnterprise = (error: unknown, enterpriseId: string): unknown =>
  error instanceof Problem && error.code === "TOKEN_INVALID"
    ? new OperatorError(
        `There is no enterprise ${enterpriseId}: \`clientele enterprise list\` shows those there are.`,
        {
          cause: error,
        },
      )
    : error;
