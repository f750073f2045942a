import { Problem } from "@clientele/contract/errors";
import { hashSecret } from "../apps/secret.ts";
import type { OperatorPool } from "../database/pools.ts";
import { changeEnterprise, listEnterprises } from "../enterprises/operations.ts";
import { newIdAt } from "../ids/new-id.ts";
import { operatorOf } from "../journal/append.ts";
import type { Accounts, Person } from "./accounts.ts";
import { addMember } from "./add-member.ts";
import { memberRemoved } from "./journal.ts";
import { newLinkToken } from "./link-token.ts";
import { hashPassword } from "./password.ts";
import * as store from "./store.ts";

/** A new token for the first administrator, which invalidates earlier ones; null when a person exists. */
export async function createSetUpToken(accounts: Accounts): Promise<string | null> {
  if (await accounts.hasAny()) return null;
  const token = newLinkToken();
  await accounts.createLink({
    kind: "set-up",
    personId: null,
    expiresAt: null,
    tokenHash: hashSecret(token),
  });
  return token;
}

/**
 * Creates the first person as administrator of every enterprise. Of two concurrent uses of the token one
 * wins. A killed set-up is offered again at the next start; its members, who have no account, are removed then.
 */
export async function setUpInstallation(
  { accounts, operator }: { accounts: Accounts; operator: OperatorPool },
  input: { token: string; name: string; email: string; password: string; locale?: "en" | "de" },
  { now, requestId }: { now: Date; requestId: string },
): Promise<Person> {
  const link = await accounts.findLink(hashSecret(input.token), now);
  if (link?.kind !== "set-up" || (await accounts.hasAny())) throw new Problem("LINK_INVALID");
  const passwordHash = await hashPassword(input.password);
  const person = {
    id: newIdAt(now),
    name: input.name,
    email: input.email.toLowerCase(),
    locale: input.locale ?? ("en" as const),
  };
  if (!(await accounts.consumeLink(hashSecret(input.token), now))) throw new Problem("LINK_INVALID");
  const administrator = { person, role: "administrator", companyIds: null } as const;
  for (const { id } of await listEnterprises(operator)) {
    await changeEnterprise(operator, id, async (database) => {
      const author = { ...operatorOf(database, now), personId: person.id, requestId };
      for (const member of await store.all(database)) {
        await database.batch([store.remove(id, member.id, now), memberRemoved(author, "operator", member)]);
      }
      await addMember(author, "set_up", administrator);
    });
  }
  await accounts.create({ ...person, accountId: newIdAt(now), passwordHash });
  return person;
}
