import { pageOf } from "@clientele/contract/envelopes";
import { bodyError, Problem, problemOf } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import { timestampOf } from "@clientele/contract/formats";
import type * as contract from "@clientele/contract/people";
import { hashSecret } from "../apps/secret.ts";
import type { Call, Operation } from "../call.ts";
import { knownCompanies } from "../companies/known-companies.ts";
import { required } from "../validation/required.ts";
import type { Accounts } from "./accounts.ts";
import {
  invitationCreated,
  invitationDeleted,
  memberChanged,
  memberRemoved,
  passwordLinkCreated,
} from "./journal.ts";
import {
  invitationLifetimeMs,
  linkUrl,
  newInvitationToken,
  newLinkToken,
  resetLifetimeMs,
} from "./link-token.ts";
import * as store from "./store.ts";

export type PeopleSettings = { accounts: Accounts; publicUrl: string | null };

export const list: Operation<typeof contract.listPeople> = async ({ database, now }, { query }) => {
  const { page, limit, offset } = pageOf(query);
  const { members, total } = await store.list(database, { now, offset, limit });
  return { page, limit, total, data: members.map(answerMember) };
};

export const invite =
  ({ publicUrl }: PeopleSettings): Operation<typeof contract.invitePerson> =>
  async (call, { body }) => {
    const { database, now } = call;
    const companyIds = await grantableCompanies(call, body.company_ids);
    const email = body.email.toLowerCase();
    if (await store.findByEmail(database, email)) throw new Problem("MEMBER_EXISTS");
    const token = newInvitationToken(database.enterpriseId);
    const invitation = {
      id: call.newId(),
      email,
      role: body.role,
      companyIds,
      expiresAt: new Date(now.getTime() + invitationLifetimeMs),
    };
    const replaced = await store.invite(database, { ...invitation, tokenHash: hashSecret(token) }, now);
    await database.batch([
      ...replaced.map((invitation) => invitationDeleted(call, "invited_again", invitation)),
      invitationCreated(call, invitation),
    ]);
    const created = { kind: "invitation", name: "", version: 1, createdAt: now, updatedAt: now } as const;
    return {
      data: { ...answerMember({ ...created, ...invitation }), link: linkUrl(publicUrl, "invitation", token) },
    };
  };

export const deleteInvitation: Operation<typeof contract.deleteInvitation> = async (call, { params }) => {
  const [deleted] = await store.deleteInvitation(call.database, params.invitationId);
  if (!deleted) throw new Problem("INVITATION_NOT_FOUND");
  await call.database.batch([invitationDeleted(call, "withdrawn", deleted)]);
  return { data: { id: deleted.id } };
};

export const update: Operation<typeof contract.updatePerson> = async (call, { params, body }) => {
  const { database, now } = call;
  const administrators = await store.lockAdministrators(database);
  const member = await findMember(call, params.personId);
  const companyIds =
    body.company_ids === undefined ? member.companyIds : await grantableCompanies(call, body.company_ids);
  const role = body.role ?? member.role;
  if (role === member.role && JSON.stringify(companyIds) === JSON.stringify(member.companyIds))
    return answerOne(member);
  if (role !== "administrator") refuseLastAdministrator(administrators, member);
  const changed = { ...member, role, companyIds, version: member.version + 1, updatedAt: now };
  await database.batch([
    store.change(database.enterpriseId, changed, now),
    memberChanged(call, member, changed),
  ]);
  return answerOne(changed);
};

export const remove: Operation<typeof contract.removePerson> = async (call, { params }) => {
  const { database, now } = call;
  const administrators = await store.lockAdministrators(database);
  const member = await findMember(call, params.personId);
  refuseLastAdministrator(administrators, member);
  await database.batch([
    store.remove(database.enterpriseId, member.id, now),
    memberRemoved(call, "request", member),
  ]);
  return { data: { id: member.id } };
};

export const resetPassword =
  ({ accounts, publicUrl }: PeopleSettings): Operation<typeof contract.resetPassword> =>
  async (call, { params }) => {
    const member = await findMember(call, params.personId);
    if ((await accounts.memberships(member.id)).length > 1) throw new Problem("PERSON_SHARED");
    const token = newLinkToken();
    const expiresAt = new Date(call.now.getTime() + resetLifetimeMs);
    await call.database.batch([passwordLinkCreated(call, member, expiresAt)]);
    await accounts.createLink({
      kind: "reset",
      personId: member.id,
      expiresAt,
      tokenHash: hashSecret(token),
    });
    return { data: { link: linkUrl(publicUrl, "reset", token), expiresAt: timestampOf(expiresAt) } };
  };

async function findMember(call: Call, personId: string): Promise<store.Member> {
  const member = await store.find(call.database, personId);
  if (!member) throw new Problem("PERSON_NOT_FOUND");
  if (call.expectedVersion !== undefined && call.expectedVersion !== member.version)
    throw new Problem("VERSION_MISMATCH");
  // A member with wider access than the caller cannot be changed, nor their password reset.
  refuseWiderGrant(call, member.companyIds);
  return member;
}

function refuseLastAdministrator(administrators: readonly { id: string }[], { id }: store.Member): void {
  if (administrators.length === 1 && required(administrators[0], "the administrator").id === id)
    throw new Problem("LAST_ADMINISTRATOR");
}

/**
 * The requested companies, when they exist and the caller may act for them; the caller's own when none are
 * given.
 */
async function grantableCompanies(
  call: Call,
  requested: readonly string[] | null | undefined,
): Promise<readonly string[] | null> {
  const { database } = call;
  const companyIds = requested === undefined ? database.session.companyIds : requested;
  if (companyIds === null) {
    refuseWiderGrant(call, null);
    return null;
  }
  const existing = await knownCompanies(database, companyIds);
  const fieldErrors = companyIds.flatMap((id, index) =>
    existing.has(id) ? [] : [bodyError(`company_ids.${index}`, "COMPANY_UNKNOWN", reason("COMPANY_UNKNOWN"))],
  );
  if (fieldErrors.length > 0) throw problemOf(fieldErrors);
  refuseWiderGrant(call, companyIds);
  return [...new Set(companyIds)];
}

function refuseWiderGrant({ database }: Call, companyIds: readonly string[] | null): void {
  const callerCompanyIds = database.session.companyIds;
  if (
    callerCompanyIds !== null &&
    (companyIds === null || companyIds.some((id) => !callerCompanyIds.includes(id)))
  )
    throw new Problem("GRANT_EXCEEDED");
}

const answerOne = (member: store.Member) => ({ data: answerMember(member), version: member.version });

const answerMember = (member: store.Member) => ({
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
