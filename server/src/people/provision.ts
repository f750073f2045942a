import type { Role } from "@clientele/contract/roles";
import { hashOf } from "../apps/secret.ts";
import type { Database } from "../database/open.ts";
import { changeEnterprise } from "../enterprises/operations.ts";
import { newIdAt } from "../new-id.ts";
import { Refusal } from "../refusal.ts";
import { type Membership, openAccounts, type Person } from "./accounts.ts";
import { invitationMs, linkTo, newInvitationToken, newLinkToken, resetMs } from "./link.ts";
import * as store from "./store.ts";

export type PersonSummary = Person & { createdAt: Date; memberships: Membership[] };

export async function listPeople(people: Database["people"]): Promise<PersonSummary[]> {
  const accounts = openAccounts(people);
  const summaries: PersonSummary[] = [];
  for (const person of await accounts.list()) {
    summaries.push({ ...person, memberships: await accounts.memberships(person.id) });
  }
  return summaries;
}

/** A link by which the address becomes a member. */
export async function invitePerson(
  operator: Database["operator"],
  enterpriseId: string,
  { email, role, publicUrl }: { email: string; role: Role; publicUrl: string | null },
  now: Date,
): Promise<string> {
  if (!/^[!-?A-~]+@[A-Za-z0-9.-]+$/.test(email)) throw new Refusal(`"${email}" is no e-mail address.`);
  const token = newInvitationToken(enterpriseId);
  await changeEnterprise(operator, enterpriseId, async (database) => {
    const address = email.toLowerCase();
    if (await store.findByEmail(database, address))
      throw new Refusal(`${address} is a member of enterprise ${enterpriseId} already.`);
    const expiresAt = new Date(now.getTime() + invitationMs);
    const invitation = { id: newIdAt(now), email: address, role, companyIds: null, expiresAt };
    await database.batch([store.invite(enterpriseId, { ...invitation, tokenHash: hashOf(token) }, now)]);
  });
  return linkTo(publicUrl, "invitation", token);
}

/** A link by which a person sets a new password. */
export async function resetPerson(
  people: Database["people"],
  { email, publicUrl }: { email: string; publicUrl: string | null },
  now: Date,
): Promise<string> {
  const accounts = openAccounts(people);
  const { id } = await personOf(people, email);
  const token = newLinkToken();
  const expiresAt = new Date(now.getTime() + resetMs);
  await accounts.makeLink({ kind: "reset", personId: id, expiresAt, tokenHash: hashOf(token) });
  return linkTo(publicUrl, "reset", token);
}

/** The end of a person: of every membership, every session and all that they sign in with. */
export async function removePerson(
  { people, operator }: Pick<Database, "people" | "operator">,
  email: string,
  now: Date,
): Promise<void> {
  const accounts = openAccounts(people);
  const { id } = await personOf(people, email);
  const memberships = await accounts.memberships(id);
  for (const enterprise of memberships) {
    await changeEnterprise(operator, enterprise.id, async (database) => {
      const administrators = await store.lockAdministrators(database);
      if (administrators.length === 1 && administrators[0]!.id === id)
        throw new Refusal(
          `${email} is the last administrator of ${enterprise.name} (${enterprise.id}): invite another one first.`,
        );
      await database.batch([store.remove(enterprise.id, id, now)]);
    });
  }
  await accounts.remove(id);
}

async function personOf(people: Database["people"], email: string): Promise<Person> {
  const person = await openAccounts(people).findByEmail(email.toLowerCase());
  if (!person)
    throw new Refusal(`Nobody has the address ${email}: \`clientele people list\` shows everybody.`);
  return person;
}
