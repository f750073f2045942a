import { type Client, createClient } from "@clientele/sdk";
import { createCompany } from "@clientele/server";
import { afterAll, beforeAll } from "vitest";
import { importQueue } from "../../../server/src/imports/run/import-queue.ts";
import { type RunningQueue, startQueue } from "../../../server/src/jobs/queue-loop.ts";
import type { Logger } from "../../../server/src/logging/log.ts";
import { startApp } from "../../../server/src/testing/start-app.ts";

export type Enterprise = {
  /** Environment of a command that calls the service as this enterprise's app. */
  environment: { CLIENTELE_URL: string; CLIENTELE_APP_ID: string; CLIENTELE_APP_SECRET: string };
  client: Client;
  addCompany(name: string): Promise<void>;
};

/** Starts the service with its own database, port and import worker for one test file. */
export function startService() {
  let worker: RunningQueue | undefined;
  const registry = startApp({ onAccepted: () => worker?.nudge() });
  let url: string;
  beforeAll(async () => {
    url = await registry.app.listen({ port: 0, host: "127.0.0.1" });
    const { operator, service } = registry.database;
    const onError = (error: unknown) => {
      throw error;
    };
    const log = registry.app.log as Logger;
    worker = startQueue(importQueue({ pool: service, clock: () => new Date(), onError }), { operator, log });
  });
  afterAll(() => worker?.stop());
  return {
    url: () => url,
    async enterprise({ companies = [] }: { companies?: string[] } = {}): Promise<Enterprise> {
      const { enterpriseId, appId, appSecret } = await registry.client();
      const addCompany = async (name: string) => {
        await createCompany(registry.database.operator, enterpriseId, { name, externalId: null }, new Date());
      };
      for (const name of companies) await addCompany(name);
      return {
        addCompany: addCompany,
        environment: { CLIENTELE_URL: url, CLIENTELE_APP_ID: appId, CLIENTELE_APP_SECRET: appSecret },
        client: createClient({ baseUrl: url, appId, appSecret }),
      };
    },
  };
}
