import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import type { OperatorPool } from "../database/pools.ts";
import { violates } from "../database/sqlstate.ts";
import { checkedName } from "../enterprises/name.ts";
import { changeEnterprise, readEnterprise } from "../enterprises/operations.ts";
import { newIdAt } from "../ids/new-id.ts";
import { operatorOf } from "../journal/append.ts";
import { OperatorError } from "../process/operator-error.ts";
import { companyChanged } from "./journal.ts";
import * as store from "./store.ts";

export type CompanyRequest = { name: string; externalId?: string | null };

/** Creates a company and returns its id. */
export async function createCompany(
  operator: OperatorPool,
  enterpriseId: string,
  request: CompanyRequest,
  now: Date,
): Promise<string> {
  const id = newIdAt(now);
  await changeEnterprise(operator, enterpriseId, (database) => addCompany(database, id, request, now));
  return id;
}

/** Creates a company with a given id. */
export async function addCompany(
  database: EnterpriseDatabase,
  id: string,
  request: CompanyRequest,
  now: Date,
): Promise<void> {
  const name = checkedName("A company", request.name);
  const externalId = request.externalId || null;
  const company = { id, name, externalId, version: 1, createdAt: now, updatedAt: now };
  try {
    await database.batch([
      store.insert(database.enterpriseId, company, now),
      companyChanged(operatorOf(database, now), "operator", null, company),
    ]);
  } catch (error) {
    if (violates(error, "companies_name_key"))
      throw new OperatorError(`There is a company "${name}" already.`);
    if (violates(error, "companies_external_id_key"))
      throw new OperatorError(`There is a company with the external id "${externalId}" already.`);
    throw error;
  }
}

export const listCompanies = (operator: OperatorPool, enterpriseId: string): Promise<store.Company[]> =>
  readEnterprise(operator, enterpriseId, listCompaniesOf);

const listCompaniesOf = (database: EnterpriseDatabase): Promise<store.Company[]> => store.listAll(database);
