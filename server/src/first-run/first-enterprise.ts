import { addApp, newCredentials } from "../apps/provision.ts";
import { addCompany } from "../companies/provision.ts";
import { withAdvisoryLock } from "../database/advisory-lock.ts";
import type { OperatorPool } from "../database/pools.ts";
import { createEnterpriseWithId, hasEnterprises } from "../enterprises/operations.ts";
import { newIdAt } from "../ids/new-id.ts";
import { type FirstApp, writeFirstApp } from "./first-app-file.ts";

const enterpriseName = "My enterprise";
const companyNames = ["First branch", "Second branch"];
const appName = "First app";

const firstRunLock = 7_026_433_543;

/**
 * Creates an enterprise with two companies and an app on an empty installation; null when one exists. The
 * file is written before the commit, so a killed start leaves an unusable secret rather than an enterprise
 * whose secret is lost.
 */
export async function createFirstEnterprise(
  operator: OperatorPool,
  dataFolder: string,
  now: Date,
): Promise<FirstApp | null> {
  if (await hasEnterprises(operator)) return null;
  // Of two concurrent first starts, the second finds the enterprise of the first.
  return withAdvisoryLock(operator, firstRunLock, async () =>
    (await hasEnterprises(operator)) ? null : await createWithFile(operator, dataFolder, now),
  );
}

async function createWithFile(operator: OperatorPool, dataFolder: string, now: Date): Promise<FirstApp> {
  const enterpriseId = newIdAt(now);
  const companies = companyNames.map((name) => ({ id: newIdAt(now), name }));
  const credentials = newCredentials(enterpriseId, now);
  const firstApp = { enterpriseId, companyIds: companies.map(({ id }) => id), ...credentials };
  await writeFirstApp(dataFolder, firstApp);
  await createEnterpriseWithId(
    operator,
    { id: enterpriseId, name: enterpriseName },
    now,
    async (database) => {
      for (const { id, name } of companies) await addCompany(database, id, { name }, now);
      await addApp(database, credentials, { name: appName }, now);
    },
  );
  return firstApp;
}
