import type { Role } from "@clientele/contract/roles";
import { hashSecret } from "../apps/secret.ts";
import type { Database } from "../database/open.ts";
import type { OperatorPool, PeoplePool } from "../database/pools.ts";
import { changeEnterprise } from "../enterprises/operations.ts";
import { newIdAt } from "../ids/new-id.ts";
import { operatorOf } from "../journal/append.ts";
import { OperatorError } from "../process/operator-error.ts";
import { required } from "../validation/required.ts";
import { type Membership, openAccounts, type Person } from "./accounts.ts";
import { invitationCreated, invitationDeleted, memberRemoved, passwordLinkCreated } from "./journal.ts";
import {
  invitationLifetimeMs,
  linkUrl,
  newInvitationToken,
  newLinkToken,
  resetLifetimeMs,
} from "./link-token.ts";
import * as store from "./store.ts";

type Installation = Pick<Database, "people" | "operator">;

export type PersonSummary = Person & { createdAt: Date; memberships: Membership[] };

export async function listPeople(people: PeoplePool): Promise<PersonSummary[]> {
  const accounts = openAccounts(people);
  const summaries: PersonSummary[] = [];
  for (const person of await accounts.list()) {
    summaries.push({ ...person, memberships: await accounts.memberships(person.id) });
  }
  return summaries;
}

/** Invites an address and returns its link. */
export async function invitePerson(
  operator: OperatorPool,
  enterpriseId: string,
  { email, role, publicUrl }: { email: string; role: Role; publicUrl: string | null },
  now: Date,
): Promise<string> {
  if (!/^[!-?A-~]+@[A-Za-z0-9.-]+$/.test(email)) throw new OperatorError(`"${email}" is no e-mail address.`);
  const token = newInvitationToken(enterpriseId);
  await changeEnterprise(operator, enterpriseId, async (database) => {
    const address = email.toLowerCase();
    if (await store.findByEmail(database, address))
      throw new OperatorError(`${address} is a member of enterprise ${enterpriseId} already.`);
    const expiresAt = new Date(now.getTime() + invitationLifetimeMs);
    const invitation = { id: newIdAt(now), email: address, role, companyIds: null, expiresAt };
    const replaced = await store.invite(database, { ...invitation, tokenHash: hashSecret(token) }, now);
    const author = operatorOf(database, now);
    await database.batch([
      ...replaced.map((former) => invitationDeleted(author, "invited_again", former)),
      invitationCreated(author, invitation),
    ]);
  });
  return linkUrl(publicUrl, "invitation", token);
}

/** Creates a password link and journals it in every enterprise of the person. */
export async function resetPerson(
  { people, operator }: Installation,
  { email, publicUrl }: { email: string; publicUrl: string | null },
  now: Date,
): Promise<string> {
  const accounts = openAccounts(people);
  const { id } = await findPerson(people, email);
  const token = newLinkToken();
  const expiresAt = new Date(now.getTime() + resetLifetimeMs);
  for (const enterprise of await accounts.memberships(id)) {
    await changeEnterprise(operator, enterprise.id, async (database) => {
      const member = await store.find(database, id);
      if (member) await database.batch([passwordLinkCreated(operatorOf(database, now), member, expiresAt)]);
    });
  }
  await accounts.createLink({ kind: "reset", personId: id, expiresAt, tokenHash: hashSecret(token) });
  return linkUrl(publicUrl, "reset", token);
}

/**
 * Removes a person with every membership, session and credential. Refuses the last administrator of an
 * enterprise.
 */
export async function removePerson(
  { people, operator }: Installation,
  email: string,
  now: Date,
): Promise<void> {
  const accounts = openAccounts(people);
  const { id } = await findPerson(people, email);
  const memberships = await accounts.memberships(id);
  for (const enterprise of memberships) {
    await changeEnterprise(operator, enterprise.id, async (database) => {
      const administrators = await store.lockAdministrators(database);
      if (administrators.length === 1 && required(administrators[0], "the administrator").id === id)
        throw new OperatorError(
          `${email} is the last administrator of ${enterprise.name} (${enterprise.id}): invite another one first.`,
        );
      const member = await store.find(database, id);
      if (!member) return;
      await database.batch([
        store.remove(enterprise.id, id, now),
        memberRemoved(operatorOf(database, now), "operator", member),
      ]);
    });
  }
  await accounts.remove(id);
}

async function findPerson(people: PeoplePool, email: string): Promise<Person> {
  const person = await openAccounts(people).findByEmail(email.toLowerCase());
  if (!person)
    throw new OperatorError(`Nobody has the address ${email}: \`clientele people list\` shows everybody.`);
  return person;
}
