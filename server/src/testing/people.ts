import { type Role, scopesOf } from "@clientele/contract/roles";
import { openTokens } from "../http/auth/tokens.ts";
import { newIdAt } from "../ids/new-id.ts";
import { loadSigningKeys } from "../keys/signing-keys.ts";
import type { TestDatabase } from "./test-database.ts";

export type PersonRequest = {
  enterpriseId: string;
  role?: Role;
  companyIds?: readonly string[] | null;
  name?: string;
  email?: string;
};

/** A member with a session, as after sign-in, and a token. */
export async function addPerson(
  { admin, service }: TestDatabase,
  { enterpriseId, role = "administrator", companyIds = null, name = "Test person", email }: PersonRequest,
  clock: () => Date = () => new Date(),
): Promise<{ personId: string; sessionId: string; email: string; token: string }> {
  const now = clock();
  const personId = newIdAt(now);
  const sessionId = newIdAt(now);
  const address = email ?? `${personId}@example.com`;
  await admin.query("begin");
  await admin.query("select set_config('clientele.enterprise_id', $1::bigint::text, true)", [enterpriseId]);
  await admin.query("insert into people (id, email, email_verified, name) values ($1, $2, true, $3)", [
    personId,
    address,
    name,
  ]);
  await admin.query(
    `insert into members (enterprise_id, person_id, name, email, locale, role, company_ids, created_at, updated_at)
     values ($1, $2, $3, $4, 'en', $5, $6, $7, $7)`,
    [enterpriseId, personId, name, address, role, companyIds, now],
  );
  await admin.query(
    "insert into people_sessions (id, person_id, token, expires_at) values ($1, $2, $1, now() + interval '1 day')",
    [sessionId, personId],
  );
  await admin.query("commit");
  const tokens = openTokens(await loadSigningKeys(service), clock);
  const grant = { enterpriseId, personId, sessionId, scopes: scopesOf(role) };
  const { accessToken } = await tokens.issueToPerson(grant, now);
  return { personId, sessionId, email: address, token: accessToken };
}
