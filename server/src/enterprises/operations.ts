import { Problem } from "@clientele/contract/errors";
import { defaultCategoryName, defaultFields } from "../custom-fields/default-fields.ts";
import { type EnterpriseDatabase, readingAs, writingAs } from "../database/as-enterprise.ts";
import type { OperatorPool } from "../database/pools.ts";
import { sql } from "../database/sql.ts";
import { newIdAt } from "../ids/new-id.ts";
import { Refusal } from "../process/operator-error.ts";
import { checkedName } from "./name.ts";
import * as store from "./store.ts";

/** Founds an enterprise with its default category and fields. Answers with its id. */
export async function createEnterprise(operator: OperatorPool, name: string, now: Date): Promise<string> {
  const id = newIdAt(now);
  await createEnterpriseWithId(operator, { id, name }, now, async () => undefined);
  return id;
}

/** The same under an id that is known beforehand; what `inside` does is part of the founding: all or nothing. */
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
  const createEnterprise = store.insert(id, checkedName("An enterprise", enterprise.name), now);
  await writingAs(
    operator,
    { enterpriseId: id, kind: "operator" },
    { createEnterprise },
    async (database) => {
      await database.batch([
        store.insertDefaultCategory(id, categoryId, defaultCategoryName, now),
        store.insertDefaultFields(id, categoryId, fields, now),
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

/** A write of the operator inside an enterprise. */
export const changeEnterprise = <T>(
  operator: OperatorPool,
  enterpriseId: string,
  work: (database: EnterpriseDatabase) => Promise<T>,
): Promise<T> =>
  writingAs(operator, { enterpriseId, kind: "operator" }, {}, work).catch((error) => {
    throw unknownEnterprise(error, enterpriseId);
  });

/** A read of the operator inside an enterprise. */
export const readEnterprise = <T>(
  operator: OperatorPool,
  enterpriseId: string,
  work: (database: EnterpriseDatabase) => Promise<T>,
): Promise<T> =>
  work(readingAs(operator, { enterpriseId, kind: "operator" })).catch((error) => {
    throw unknownEnterprise(error, enterpriseId);
  });

// Without an app there is no token: what the database does not know is the enterprise.
const unknownEnterprise = (error: unknown, enterpriseId: string): unknown =>
  error instanceof Problem && error.code === "TOKEN_INVALID"
    ? new Refusal(
        `There is no enterprise ${enterpriseId}: \`clientele enterprise list\` shows those there are.`,
        {
          cause: error,
        },
      )
    : error;
