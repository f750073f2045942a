import type pg from "pg";
import { writingAs } from "../database/as-enterprise.ts";
import { newIdAt } from "../new-id.ts";
import { hashOf, newSecret } from "./secret.ts";
import * as store from "./store.ts";

export type AppRequest = {
  name: string;
  scopes?: readonly ("READ" | "WRITE" | "DELETE")[];
  /** The branches it may act for. All when absent. */
  companyIds?: readonly string[] | null;
};

/** Makes an app. The secret is in the answer and nowhere else. */
export async function createApp(operator: pg.Pool, enterpriseId: string, request: AppRequest, now: Date) {
  const id = newIdAt(now);
  const secret = newSecret(enterpriseId);
  const { name, scopes = ["READ", "WRITE", "DELETE"], companyIds = null } = request;
  await writingAs(operator, { enterpriseId, app: null }, {}, (database) =>
    database.batch([
      store.insert(enterpriseId, { id, name, scopes, companyIds, secretHash: hashOf(secret) }, now),
    ]),
  );
  return { appId: id, appSecret: secret };
}
