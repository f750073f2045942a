import { randomBytes } from "node:crypto";
import { roleNames } from "../database/pools.ts";
import type { TestDatabase } from "./test-database.ts";

export type PoolUrl = {
  /** The address of the database, with a user and a password of this test. */
  url: string;
  /** The derived logins. */
  users: readonly string[];
  dropLogins(): Promise<void>;
};

/** For a service with a login for each role. Logins belong to the whole server, so a test has its own. */
export function newPoolUrl({ url, admin }: TestDatabase): PoolUrl {
  const address = new URL(url);
  address.username = `clientele_test_${randomBytes(4).toString("hex")}`;
  address.password = "secret";
  const users = roleNames.map((role) => `${address.username}_${role}_login`);
  return {
    url: address.href,
    users,
    async dropLogins() {
      for (const user of users) await admin.query(`drop role if exists ${user}`);
    },
  };
}
