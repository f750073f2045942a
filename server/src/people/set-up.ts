import { Problem } from "@clientele/contract/errors";
import { hashOf } from "../apps/secret.ts";
import type { OperatorPool } from "../database/pools.ts";
import { changeEnterprise, listEnterprises } from "../enterprises/operations.ts";
import { newIdAt } from "../ids/new-id.ts";
import { operatorOf } from "../journal/append.ts";
import type { Accounts, Person } from "./accounts.ts";
import { join } from "./join.ts";
import { newLinkToken } from "./link.ts";
import { hashPassword } from "./password.ts";

/** A token for the first administrator, while there is nobody; it voids an earlier one. Null when there is. */
export async function offerSetUp(accounts: Accounts): Promise<string | null> {
  if (await accounts.hasAny()) return null;
  const token = newLinkToken();
  await accounts.makeLink({ kind: "set-up", personId: null, expiresAt: null, tokenHash: hashOf(token) });
  return token;
}

/**
 * The first person, administrator of every enterprise there is. Of two who come with the token one is the first; a
 * set-up that is killed in between is offered again by the next start, for a member without a person is nobody.
 */
export async function setUp(
  { accounts, operator }: { accounts: Accounts; operator: OperatorPool },
  given: { token: string; name: string; email: string; password: string; locale?: "en" | "de" },
  { now, requestId }: { now: Date; requestId: string },
): Promise<Person> {
  const link = await accounts.findLink(hashOf(given.token), now);
  if (link?.kind !== "set-up" || (await accounts.hasAny())) throw new Problem("LINK_INVALID");
  const passwordHash = await hashPassword(given.password);
  const person = {
    id: newIdAt(now),
    name: given.name,
    email: given.email.toLowerCase(),
    locale: given.locale ?? ("en" as const),
  };
  if (!(await accounts.takeLink(hashOf(given.token), now))) throw new Problem("LINK_INVALID");
  const { id: personId, email } = person;
  const administrator = { personId, email, role: "administrator", companyIds: null } as const;
  for (const { id } of await listEnterprises(operator)) {
    await changeEnterprise(operator, id, (database) =>
      join({ ...operatorOf(database, now), personId, requestId }, "set_up", administrator),
    );
  }
  await accounts.create({ ...person, accountId: newIdAt(now), passwordHash });
  return person;
}
