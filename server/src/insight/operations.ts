import type * as contract from "@clientele/contract/insight";
import type { Operation } from "../call.ts";
import * as store from "./store.ts";

export const fetchCustomersByCompany: Operation<typeof contract.fetchCustomersByCompany> = async ({
  database,
}) => {
  const counts = await store.countByCompany(database);
  const permittedIds = database.session.companyIds;
  const companies = counts.companies.filter(
    ({ companyId }) => permittedIds === null || permittedIds.includes(companyId),
  );
  return { data: { ...counts, companies } };
};

export const fetchCustomersByTag: Operation<typeof contract.fetchCustomersByTag> = async ({ database }) => ({
  data: await store.countByTag(database),
});

export const fetchImportActivity: Operation<typeof contract.fetchImportActivity> = async (
  { database, now },
  { query },
) => ({ data: { days: await store.importsSince(database, firstDay(now, query.days)) } });

const daysDefault = 30;

/** The first of `days` days that end today. */
export const firstDay = (now: Date, days = daysDefault): string =>
  new Date(now.getTime() - (days - 1) * 86_400_000).toISOString().slice(0, 10);
