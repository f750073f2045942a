import type * as contract from "@clientele/contract/companies";
import { pageOf } from "@clientele/contract/envelopes";
import { bodyError, type FieldError, Problem, problemOf } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import { timestampOf } from "@clientele/contract/formats";
import type { RequestOf } from "@clientele/contract/route";
import type { Call, Operation } from "../call.ts";
import type { Sql } from "../database/sql.ts";
import { violates } from "../database/sqlstate.ts";
import { readExternalId } from "../ids/external-id.ts";
import { changedColumns } from "../journal/difference.ts";
import { normalized } from "../text/normalize.ts";
import { companyChanged } from "./journal.ts";
import * as store from "./store.ts";

/** The companies the caller may act for. They are few, so paging happens in memory. */
export const list: Operation<typeof contract.listCompanies> = async ({ database }, { query }) => {
  const { page, limit, offset } = pageOf(query);
  const all = await store.listAll(database);
  const permittedIds = database.session.companyIds;
  const companies = permittedIds === null ? all : all.filter(({ id }) => permittedIds.includes(id));
  return {
    data: companies.slice(offset, offset + limit).map(answerCompany),
    total: companies.length,
    page,
    limit,
  };
};

export const create: Operation<typeof contract.createCompany> = async (call, { body }) => {
  const { database, now } = call;
  // A limited caller could not act for the company it creates.
  if (database.session.companyIds !== null) throw new Problem("GRANT_EXCEEDED");
  const emptyCompany = {
    id: call.newId(),
    externalId: null,
    name: "",
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  const company = applyInput(emptyCompany, body);
  await write(call, [
    store.insert(database.enterpriseId, company, now),
    companyChanged(call, "request", null, company),
  ]);
  return { data: answerCompany(company), version: company.version };
};

export const update: Operation<typeof contract.updateCompany> = async (call, { params, body }) => {
  const { database } = call;
  const before = await store.lock(database, params.companyId);
  if (!before || database.session.companyIds?.includes(before.id) === false)
    throw new Problem("COMPANY_NOT_FOUND");
  if (call.expectedVersion !== undefined && call.expectedVersion !== before.version)
    throw new Problem("VERSION_MISMATCH");
  const changed = applyInput(before, body);
  if (changedColumns(store.journaledAttributes, before, changed) === null)
    return { data: answerCompany(before), version: before.version };
  const company = { ...changed, version: before.version + 1, updatedAt: call.now };
  await write(call, [
    store.update(database.enterpriseId, company),
    companyChanged(call, "request", before, company),
  ]);
  return { data: answerCompany(company), version: company.version };
};

type CompanyInput = Partial<RequestOf<typeof contract.updateCompany>["body"]>;

function applyInput(company: store.Company, body: CompanyInput): store.Company {
  const fieldErrors: FieldError[] = [];
  const name = body.name === undefined ? company.name : normalized(body.name);
  if (name === "") fieldErrors.push(bodyError("name", "REQUEST_INVALID", reason("EMPTY")));
  const externalId = readExternalId(body.external_id, fieldErrors);
  if (fieldErrors.length > 0) throw problemOf(fieldErrors);
  return { ...company, name, externalId: externalId === undefined ? company.externalId : externalId };
}

async function write({ database }: Call, statements: readonly Sql[]): Promise<void> {
  try {
    await database.batch(statements);
  } catch (error) {
    if (violates(error, "companies_name_key"))
      throw problemOf([bodyError("name", "NAME_TAKEN", reason("COMPANY_NAME_TAKEN"))]);
    if (violates(error, "companies_external_id_key"))
      throw problemOf([bodyError("external_id", "EXTERNAL_ID_TAKEN", reason("TAKEN_BY_COMPANY"))]);
    throw error;
  }
}

const answerCompany = ({ id, externalId, name, createdAt, updatedAt }: store.Company) => ({
  id,
  externalId: externalId ?? "",
  name,
  createdAt: timestampOf(createdAt),
  updatedAt: timestampOf(updatedAt),
});
