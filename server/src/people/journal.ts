import { timestampOf } from "@clientele/contract/formats";
import type { Sql } from "../database/sql.ts";
import { type Author, append, type Change } from "../journal/append.ts";
import { changedColumns } from "../journal/difference.ts";
import { required } from "../validation/required.ts";
import type { Invitation, Member } from "./store.ts";

type JournaledMember = Pick<Member, "id" | "email" | "role" | "companyIds" | "version">;

// The name is left out: it belongs to the person and is shared by all enterprises.
const memberAttributes = ["email", "role", "companyIds"] as const;
const invitationAttributes = [...memberAttributes, "expiresAt"] as const;

const appendPerson = (author: Author, reason: string, change: Change): Sql =>
  append(author, "person", reason, [change]);

const journaledInvitation = ({ expiresAt, ...invitation }: Invitation) => ({
  ...invitation,
  expiresAt: timestampOf(expiresAt),
});

export const invitationCreated = (author: Author, invitation: Invitation): Sql =>
  appendPerson(author, "invited", {
    subjectId: invitation.id,
    version: 1,
    ...changedColumns(invitationAttributes, null, journaledInvitation(invitation)),
  });

/** Journals the end of an invitation, whose link is invalid from now on. */
export const invitationDeleted = (
  author: Author,
  reason: "accepted" | "withdrawn" | "invited_again",
  invitation: Invitation,
): Sql =>
  appendPerson(author, reason, {
    subjectId: invitation.id,
    version: 2,
    ...changedColumns(invitationAttributes, journaledInvitation(invitation), null),
  });

export const memberAdded = (author: Author, reason: "accepted" | "set_up", member: JournaledMember): Sql =>
  appendPerson(author, reason, {
    subjectId: member.id,
    version: member.version,
    ...changedColumns(memberAttributes, null, member),
  });

export const memberChanged = (author: Author, before: JournaledMember, after: JournaledMember): Sql =>
  appendPerson(author, "request", {
    subjectId: after.id,
    version: after.version,
    ...required(changedColumns(memberAttributes, before, after), "difference"),
  });

export const memberRemoved = (author: Author, reason: "request" | "operator", member: JournaledMember): Sql =>
  appendPerson(author, reason, {
    subjectId: member.id,
    version: member.version + 1,
    ...changedColumns(memberAttributes, member, null),
  });

/** Journals that a password link was created and when it expires, never the link. */
export const passwordLinkCreated = (author: Author, member: JournaledMember, expiresAt: Date): Sql =>
  appendPerson(author, "password_link", {
    subjectId: member.id,
    version: member.version,
    kind: "updated",
    before: { passwordLinkExpiresAt: null },
    after: { passwordLinkExpiresAt: timestampOf(expiresAt) },
  });
