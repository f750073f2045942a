import { pageOf } from "@clientele/contract/envelopes";
import { bodyError, Problem, problemOf } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import { timestampOf } from "@clientele/contract/formats";
import type * as contract from "@clientele/contract/people";
import { hashOf } from "../apps/secret.ts";
import type { Call, Operation } from "../call.ts";
import { knownCompanies } from "../companies/known-companies.ts";
import type { Accounts } from "./accounts.ts";
import { invitationGone, invitationMade, memberChanged, memberRemoved, passwordLinkMade } from "./journal.ts";
import { invitationMs, linkTo, newInvitationToken, newLinkToken, resetMs } from "./link.ts";
import * as store from "./store.ts";

export type PeopleSettings = { accounts: Accounts; publicUrl: string | null };

export const list: Operation<typeof contract.listPeople> = async ({ database, now }, { query }) => {
  const { page, limit, offset } = pageOf(query);
  const { members, total } = await store.list(database, { now, offset, limit });
  return { page, limit, total, data: members.map(answer) };
};

export const invite =
  ({ publicUrl }: PeopleSettings): Operation<typeof contract.invitePerson> =>
  async (call, { body }) => {
    const { database, now } = call;
    const companyIds = await grantable(call, body.company_ids);
    const email = body.email.toLowerCase();
    if (await store.findByEmail(database, email)) throw new Problem("MEMBER_EXISTS");
    const token = newInvitationToken(database.enterpriseId);
    const invitation = {
      id: call.newId(),
      email,
      role: body.role,
      companyIds,
      expiresAt: new Date(now.getTime() + invitationMs),
    };
    const former = await store.invite(database, { ...invitation, tokenHash: hashOf(token) }, now);
    await database.batch([
      ...former.map((gone) => invitationGone(call, "invited_again", gone)),
      invitationMade(call, invitation),
    ]);
    const made = { kind: "invitation", name: "", version: 1, createdAt: now, updatedAt: now } as const;
    return { data: { ...answer({ ...made, ...invitation }), link: linkTo(publicUrl, "invitation", token) } };
  };

export const deleteInvitation: Operation<typeof contract.deleteInvitation> = async (call, { params }) => {
  const [deleted] = await store.deleteInvitation(call.database, params.invitationId);
  if (!deleted) throw new Problem("INVITATION_NOT_FOUND");
  await call.database.batch([invitationGone(call, "withdrawn", deleted)]);
  return { data: { id: deleted.id } };
};

export const update: Operation<typeof contract.updatePerson> = async (call, { params, body }) => {
  const { database, now } = call;
  const administrators = await store.lockAdministrators(database);
  const member = await found(call, params.personId);
  const companyIds =
    body.company_ids === undefined ? member.companyIds : await grantable(call, body.company_ids);
  const role = body.role ?? member.role;
  if (role === member.role && JSON.stringify(companyIds) === JSON.stringify(member.companyIds))
    return single(member);
  if (role !== "administrator") refuseLast(administrators, member);
  const changed = { ...member, role, companyIds, version: member.version + 1, updatedAt: now };
  await database.batch([
    store.change(database.enterpriseId, changed, now),
    memberChanged(call, member, changed),
  ]);
  return single(changed);
};

export const remove: Operation<typeof contract.removePerson> = async (call, { params }) => {
  const { database, now } = call;
  const administrators = await store.lockAdministrators(database);
  const member = await found(call, params.personId);
  refuseLast(administrators, member);
  await database.batch([
    store.remove(database.enterpriseId, member.id, now),
    memberRemoved(call, "request", member),
  ]);
  return { data: { id: member.id } };
};

export const resetPassword =
  ({ accounts, publicUrl }: PeopleSettings): Operation<typeof contract.resetPassword> =>
  async (call, { params }) => {
    const member = await found(call, params.personId);
    if ((await accounts.memberships(member.id)).length > 1) throw new Problem("PERSON_SHARED");
    const token = newLinkToken();
    const expiresAt = new Date(call.now.getTime() + resetMs);
    await call.database.batch([passwordLinkMade(call, member, expiresAt)]);
    await accounts.makeLink({ kind: "reset", personId: member.id, expiresAt, tokenHash: hashOf(token) });
    return { data: { link: linkTo(publicUrl, "reset", token), expiresAt: timestampOf(expiresAt) } };
  };

async function found(call: Call, personId: string): Promise<store.Member> {
  const member = await store.find(call.database, personId);
  if (!member) throw new Problem("PERSON_NOT_FOUND");
  if (call.expectedVersion !== undefined && call.expectedVersion !== member.version)
    throw new Problem("VERSION_MISMATCH");
  // Who may do more than the caller is not the caller's to change, nor is what they sign in with.
  refuseWider(call, member.companyIds);
  return member;
}

function refuseLast(administrators: readonly { id: string }[], { id }: store.Member): void {
  if (administrators.length === 1 && administrators[0]!.id === id) throw new Problem("LAST_ADMINISTRATOR");
}

/** Companies that are there, and that the caller may act for as well; the caller's own when none are named. */
async function grantable(
  call: Call,
  asked: readonly string[] | null | undefined,
): Promise<readonly string[] | null> {
  const { database } = call;
  const companyIds = asked === undefined ? database.session.companyIds : asked;
  if (companyIds === null) {
    refuseWider(call, null);
    return null;
  }
  const known = await knownCompanies(database, companyIds);
  const fieldErrors = companyIds.flatMap((id, index) =>
    known.has(id) ? [] : [bodyError(`company_ids.${index}`, "COMPANY_UNKNOWN", reason("COMPANY_UNKNOWN"))],
  );
  if (fieldErrors.length > 0) throw problemOf(fieldErrors);
  refuseWider(call, companyIds);
  return [...new Set(companyIds)];
}

function refuseWider({ database }: Call, companyIds: readonly string[] | null): void {
  const own = database.session.companyIds;
  if (own !== null && (companyIds === null || companyIds.some((id) => !own.includes(id))))
    throw new Problem("GRANT_EXCEEDED");
}

const single = (member: store.Member) => ({ data: answer(member), version: member.version });

const answer = (member: store.Member) => ({
  kind: member.kind,
  id: member.id,
  personId: member.kind === "member" ? member.id : null,
  name: member.name,
  email: member.email,
  role: member.role,
  companyIds: member.companyIds === null ? null : [...member.companyIds],
  createdAt: timestampOf(member.createdAt),
  updatedAt: timestampOf(member.updatedAt),
  expiresAt: member.expiresAt && timestampOf(member.expiresAt),
});
