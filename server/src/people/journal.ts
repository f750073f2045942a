import { timestampOf } from "@clientele/contract/formats";
import type { Sql } from "../database/sql.ts";
import { type Author, append, type Change } from "../journal/append.ts";
import { differenceOf } from "../journal/difference.ts";
import type { Invitation, Member } from "./store.ts";

type Held = Pick<Member, "id" | "email" | "role" | "companyIds" | "version">;

// Not the name: it is the person's own, in every enterprise at once.
const granted = ["email", "role", "companyIds"] as const;
const promised = [...granted, "expiresAt"] as const;

const write = (author: Author, reason: string, change: Change): Sql =>
  append(author, "person", reason, [change]);

const answered = ({ expiresAt, ...invitation }: Invitation) => ({
  ...invitation,
  expiresAt: timestampOf(expiresAt),
});

export const invitationMade = (author: Author, made: Invitation): Sql =>
  write(author, "invited", {
    subjectId: made.id,
    version: 1,
    ...differenceOf(promised, null, answered(made))!,
  });

/** Its link opens nothing any more. */
export const invitationGone = (
  author: Author,
  reason: "accepted" | "withdrawn" | "invited_again",
  gone: Invitation,
): Sql =>
  write(author, reason, { subjectId: gone.id, version: 2, ...differenceOf(promised, answered(gone), null)! });

export const memberJoined = (author: Author, reason: "accepted" | "set_up", member: Held): Sql =>
  write(author, reason, {
    subjectId: member.id,
    version: member.version,
    ...differenceOf(granted, null, member)!,
  });

export const memberChanged = (author: Author, before: Held, after: Held): Sql =>
  write(author, "request", {
    subjectId: after.id,
    version: after.version,
    ...differenceOf(granted, before, after)!,
  });

export const memberRemoved = (author: Author, reason: "request" | "operator", member: Held): Sql =>
  write(author, reason, {
    subjectId: member.id,
    version: member.version + 1,
    ...differenceOf(granted, member, null)!,
  });

/** Somebody was given a way to sign in as the member: that it was, and until when; never the way. */
export const passwordLinkMade = (author: Author, member: Held, expiresAt: Date): Sql =>
  write(author, "password_link", {
    subjectId: member.id,
    version: member.version,
    kind: "updated",
    before: { passwordLinkExpiresAt: null },
    after: { passwordLinkExpiresAt: timestampOf(expiresAt) },
  });
