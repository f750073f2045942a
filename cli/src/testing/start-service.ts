import { type Client, createClient } from "@clientele/sdk";
import { createCompany } from "@clientele/server";
import { serveWithWorker } from "@clientele/server/testing";

export type Enterprise = {
  /** Environment of a command that calls the service as this enterprise's app. */
  environment: { CLIENTELE_URL: string; CLIENTELE_APP_ID: string; CLIENTELE_APP_SECRET: string };
  client: Client;
  addCompany(name: string): Promise<void>;
};

/** Starts the service with its own database, port and import worker for one test file. */
export function startService() {
  const registry = serveWithWorker();
  return {
    url: registry.url,
    async enterprise({ companies = [] }: { companies?: string[] } = {}): Promise<Enterprise> {
      const { enterpriseId, appId, appSecret } = await registry.client();
      const addCompany = async (name: string) => {
        await createCompany(registry.database.operator, enterpriseId, { name, externalId: null }, new Date());
      };
      for (const name of companies) await addCompany(name);
      return {
        addCompany,
        environment: {
          CLIENTELE_URL: registry.url(),
          CLIENTELE_APP_ID: appId,
          CLIENTELE_APP_SECRET: appSecret,
        },
        client: createClient({ baseUrl: registry.url(), appId, appSecret }),
      };
    },
  };
}
