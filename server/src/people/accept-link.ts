import { bodyError, Problem, problemOf } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import { hashSecret } from "../apps/secret.ts";
import { type Caller, readingAs, writingAs } from "../database/as-enterprise.ts";
import type { ServicePool } from "../database/pools.ts";
import { newIdAt } from "../ids/new-id.ts";
import { operatorOf } from "../journal/append.ts";
import { required } from "../validation/required.ts";
import type { Accounts, Person } from "./accounts.ts";
import { addMember } from "./add-member.ts";
import { invitationDeleted } from "./journal.ts";
import { enterpriseIdOfToken } from "./link-token.ts";
import { hashPassword } from "./password.ts";
import * as store from "./store.ts";

export type AcceptInput = { token: string; name?: string; password?: string; locale?: "en" | "de" };
type People = { accounts: Accounts; service: ServicePool };
type RequestContext = { now: Date; requestId: string };
/** `password` is set when it is new, and can then be used to sign in. */
export type AcceptResult = { person: Person; password?: string };

/** Resolves a link to an invitation or a password reset. Throws LINK_INVALID for anything else. */
export async function openLink({ accounts, service }: People, token: string, now: Date) {
  const enterpriseId = enterpriseIdOfToken(token);
  if (enterpriseId === null) {
    const link = await accounts.findLink(hashSecret(token), now);
    const person = link?.personId ? await accounts.find(link.personId) : undefined;
    if (!person || !link?.expiresAt) throw new Problem("LINK_INVALID");
    return { kind: "reset" as const, person, expiresAt: link.expiresAt };
  }
  const operator: Caller = { enterpriseId, kind: "operator" };
  const [invitation] = await store
    .invitationsOf(readingAs(service, operator), { tokenHash: hashSecret(token) }, now)
    .catch((error: unknown) => {
      // The enterprise does not exist.
      if (error instanceof Problem && error.code === "TOKEN_INVALID") return [];
      throw error;
    });
  if (!invitation) throw new Problem("LINK_INVALID");
  const person = await accounts.findByEmail(invitation.email);
  return { kind: "invitation" as const, enterpriseId, invitation, person, expiresAt: invitation.expiresAt };
}

/** @param signedInPerson who opens the link, when somebody is signed in. */
export async function acceptLink(
  people: People,
  input: AcceptInput,
  signedInPerson: Person | null,
  context: RequestContext,
): Promise<AcceptResult> {
  const { accounts } = people;
  const { now } = context;
  const link = await openLink(people, input.token, now);
  const missing = (name: "name" | "password") =>
    input[name] === undefined ? [bodyError(name, "REQUEST_INVALID", reason("REQUIRED"))] : [];

  if (link.kind === "reset") {
    const fieldErrors = missing("password");
    if (fieldErrors.length > 0) throw problemOf(fieldErrors);
    const passwordHash = await hashPassword(required(input.password, "the password"));
    if (!(await accounts.consumeLink(hashSecret(input.token), now))) throw new Problem("LINK_INVALID");
    await accounts.setPassword(link.person.id, newIdAt(now), passwordHash);
    return { person: link.person, password: required(input.password, "the password") };
  }

  const { enterpriseId, invitation } = link;
  if (link.person) {
    if (signedInPerson === null) throw new Problem("SIGN_IN_NEEDED");
    if (signedInPerson.id !== link.person.id) throw new Problem("INVITATION_OF_OTHER");
    await acceptInvitation(people, enterpriseId, invitation.id, signedInPerson, context);
    return { person: signedInPerson };
  }
  const fieldErrors = [...missing("name"), ...missing("password")];
  if (fieldErrors.length > 0) throw problemOf(fieldErrors);
  const { email } = invitation;
  const person = {
    id: newIdAt(now),
    name: required(input.name, "the name"),
    email,
    locale: input.locale ?? "en",
  };
  const passwordHash = await hashPassword(required(input.password, "the password"));
  await acceptInvitation(people, enterpriseId, invitation.id, person, context, async () => {
    const isCreated = await accounts.create({ ...person, accountId: newIdAt(now), passwordHash });
    // Another invitation of the address was accepted in the meantime.
    if (!isCreated && (await accounts.find(person.id)) === undefined) throw new Problem("SIGN_IN_NEEDED");
  });
  return { person, password: required(input.password, "the password") };
}

/** Turns an invitation into a membership. `before` runs once the invitation is known to be valid. */
async function acceptInvitation(
  { accounts, service }: People,
  enterpriseId: string,
  invitationId: string,
  person: Person,
  { now, requestId }: RequestContext,
  before: () => Promise<void> = async () => undefined,
): Promise<void> {
  await writingAs(service, { enterpriseId, kind: "operator" }, {}, async (database) => {
    const [accepted] = await store.consumeInvitation(database, invitationId, now);
    if (!accepted) throw new Problem("LINK_INVALID");
    await before();
    const author = { ...operatorOf(database, now), personId: person.id, requestId };
    await database.batch([invitationDeleted(author, "accepted", accepted)]);
    const { role, companyIds } = accepted;
    await addMember(author, "accepted", { person, role, companyIds });
  });
  // The person may have changed their name since it was read.
  await accounts.copyToMembers(person.id);
}

/** Accepts every invitation of an address that an issuer has verified. */
export async function acceptAllInvitations(
  people: People,
  person: Person,
  context: RequestContext,
): Promise<void> {
  const { accounts, service } = people;
  const { now } = context;
  for (const enterpriseId of await accounts.invitingEnterprises(person.email, now)) {
    const database = readingAs(service, { enterpriseId, kind: "operator" });
    for (const { id } of await store.invitationsOf(database, { email: person.email }, now)) {
      await acceptInvitation(people, enterpriseId, id, person, context);
    }
  }
}
