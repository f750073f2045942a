import { bodyError, Problem, problemOf } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import { hashOf } from "../apps/secret.ts";
import { type Caller, readingAs, writingAs } from "../database/as-enterprise.ts";
import type { ServicePool } from "../database/pools.ts";
import { newIdAt } from "../ids/new-id.ts";
import { operatorOf } from "../journal/append.ts";
import type { Accounts, Person } from "./accounts.ts";
import { join } from "./join.ts";
import { invitationGone } from "./journal.ts";
import { enterpriseOfToken } from "./link.ts";
import { hashPassword } from "./password.ts";
import * as store from "./store.ts";

export type Acceptance = { token: string; name?: string; password?: string; locale?: "en" | "de" };
type People = { accounts: Accounts; service: ServicePool };
/** When it is accepted, and by which request. */
type Asked = { now: Date; requestId: string };
/** `password` is given when it is new: whoever has set it may be signed in by it. */
export type Accepted = { person: Person; password?: string };

/** What a link is for: an invitation, or a new password. Whatever it is not is answered alike. */
export async function openLink({ accounts, service }: People, token: string, now: Date) {
  const enterpriseId = enterpriseOfToken(token);
  if (enterpriseId === null) {
    const link = await accounts.findLink(hashOf(token), now);
    const person = link?.personId ? await accounts.find(link.personId) : undefined;
    if (!person || !link?.expiresAt) throw new Problem("LINK_INVALID");
    return { kind: "reset" as const, person, expiresAt: link.expiresAt };
  }
  const operator: Caller = { enterpriseId, kind: "operator" };
  const [invitation] = await store
    .invitationsOf(readingAs(service, operator), { tokenHash: hashOf(token) }, now)
    .catch((error: unknown) => {
      // There is no such enterprise.
      if (error instanceof Problem && error.code === "TOKEN_INVALID") return [];
      throw error;
    });
  if (!invitation) throw new Problem("LINK_INVALID");
  const person = await accounts.findByEmail(invitation.email);
  return { kind: "invitation" as const, enterpriseId, invitation, person, expiresAt: invitation.expiresAt };
}

/** @param signedIn who opens the link, when somebody is signed in. */
export async function accept(
  people: People,
  given: Acceptance,
  signedIn: Person | null,
  asked: Asked,
): Promise<Accepted> {
  const { accounts, service } = people;
  const { now } = asked;
  const opened = await openLink(people, given.token, now);
  const wanting = (name: "name" | "password") =>
    given[name] === undefined ? [bodyError(name, "REQUEST_INVALID", reason("REQUIRED"))] : [];

  if (opened.kind === "reset") {
    const fieldErrors = wanting("password");
    if (fieldErrors.length > 0) throw problemOf(fieldErrors);
    const passwordHash = await hashPassword(given.password!);
    if (!(await accounts.takeLink(hashOf(given.token), now))) throw new Problem("LINK_INVALID");
    await accounts.setPassword(opened.person.id, newIdAt(now), passwordHash);
    return { person: opened.person, password: given.password! };
  }

  const { enterpriseId, invitation } = opened;
  if (opened.person) {
    if (signedIn === null) throw new Problem("SIGN_IN_NEEDED");
    if (signedIn.id !== opened.person.id) throw new Problem("INVITATION_OF_OTHER");
    await take(service, enterpriseId, invitation.id, signedIn.id, asked);
    return { person: signedIn };
  }
  const fieldErrors = [...wanting("name"), ...wanting("password")];
  if (fieldErrors.length > 0) throw problemOf(fieldErrors);
  const { email } = invitation;
  const person = { id: newIdAt(now), name: given.name!, email, locale: given.locale ?? "en" };
  const passwordHash = await hashPassword(given.password!);
  await take(service, enterpriseId, invitation.id, person.id, asked, async () => {
    const isMade = await accounts.create({ ...person, accountId: newIdAt(now), passwordHash });
    // Somebody has accepted another invitation of the address meanwhile.
    if (!isMade && (await accounts.find(person.id)) === undefined) throw new Problem("SIGN_IN_NEEDED");
  });
  return { person, password: given.password! };
}

/** The invitation becomes a membership. `before` is done when it is certain that the invitation still stands. */
async function take(
  service: ServicePool,
  enterpriseId: string,
  invitationId: string,
  personId: string,
  { now, requestId }: Asked,
  before: () => Promise<void> = async () => undefined,
): Promise<void> {
  await writingAs(service, { enterpriseId, kind: "operator" }, {}, async (database) => {
    const [taken] = await store.takeInvitation(database, invitationId, now);
    if (!taken) throw new Problem("LINK_INVALID");
    await before();
    const author = { ...operatorOf(database, now), personId, requestId };
    await database.batch([invitationGone(author, "accepted", taken)]);
    const { email, role, companyIds } = taken;
    await join(author, "accepted", { personId, email, role, companyIds });
  });
}

/** Every invitation of an address whose owner an issuer has confirmed. */
export async function acceptAll(
  { accounts, service }: People,
  person: { id: string; email: string },
  asked: Asked,
): Promise<void> {
  const { now } = asked;
  for (const enterpriseId of await accounts.invitingEnterprises(person.email, now)) {
    const reading = readingAs(service, { enterpriseId, kind: "operator" });
    for (const { id } of await store.invitationsOf(reading, { email: person.email }, now)) {
      await take(service, enterpriseId, id, person.id, asked);
    }
  }
}
