import type * as contract from "@clientele/contract/companies";
import { pageOf } from "@clientele/contract/envelopes";
import { timestampOf } from "@clientele/contract/formats";
import type { Operation } from "../call.ts";
import * as store from "./store.ts";

/** The companies that the app may act for, all of them when it is not limited. They are few. */
export const list: Operation<typeof contract.listCompanies> = async ({ database }, { query }) => {
  const { page, limit, offset } = pageOf(query);
  const all = await store.listAll(database);
  const own = database.entered?.companyIds ?? null;
  const companies = own === null ? all : all.filter(({ id }) => own.includes(id));
  return { data: companies.slice(offset, offset + limit).map(answer), total: companies.length, page, limit };
};

const answer = ({ id, externalId, name, createdAt, updatedAt }: store.Company) => ({
  id,
  externalId: externalId ?? "",
  name,
  createdAt: timestampOf(createdAt),
  updatedAt: timestampOf(updatedAt),
});
