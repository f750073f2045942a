import { Type } from "typebox";
import { Deleted, Paging } from "./envelopes.ts";
import { closed, errorKey, Id, Nullable, OneOf, Timestamp } from "./formats.ts";
import { roles } from "./roles.ts";
import { route, scopes } from "./route.ts";

export const locales = ["en", "de"] as const;

/** Lower and upper case are one address: it is kept in lower case. */
export const Email = Type.String({
  pattern: "^[!-?A-~]+@[A-Za-z0-9.-]+$",
  ...errorKey("EMAIL_INVALID"),
  maxLength: 254,
  description: "An e-mail address.",
});
export const PersonName = Type.String({ minLength: 1, maxLength: 200, pattern: "\\S", ...errorKey("EMPTY") });

const CompanyIds = Nullable(Type.Array(Id, { description: "The companies they may act for. Null: all." }));

export const Me = Type.Object(
  {
    kind: OneOf(["person", "app"]),
    id: Id,
    name: Type.String(),
    email: Nullable(Type.String()),
    locale: Nullable(OneOf(locales)),
    role: Nullable(OneOf(roles)),
    scopes: Type.Array(OneOf(scopes)),
    companyIds: CompanyIds,
    enterprise: Type.Object({ id: Id, name: Type.String() }),
    enterprises: Type.Array(Type.Object({ id: Id, name: Type.String(), role: Nullable(OneOf(roles)) }), {
      description: "All that a person is a member of, by name; of an app its own.",
    }),
  },
  { title: "Me" },
);

const member = {
  kind: OneOf(["member", "invitation"]),
  id: Id,
  personId: Nullable(Id),
  name: Type.String(),
  email: Type.String(),
  role: OneOf(roles),
  companyIds: CompanyIds,
  createdAt: Timestamp,
  updatedAt: Timestamp,
  expiresAt: Nullable(Timestamp),
};
export const Member = Type.Object(member, { title: "Member" });

const link = Type.String({
  description: "Shown this once. Without `CLIENTELE_URL` a path, to put the service's address in front of.",
});
const InvitationWithLink = Type.Object({ ...member, link }, { title: "InvitationWithLink" });

const company_ids = Type.Optional(
  Nullable(
    Type.Array(Type.String(), {
      minItems: 1,
      maxItems: 1_000,
      description: "Null is all companies. Of an invitation those of the caller when absent.",
    }),
  ),
);

const of = { group: "People", extension: true } as const;
const path = "/v1/people";
const one = {
  ...of,
  path: `${path}/{personId}`,
  scope: "ADMIN",
  params: Type.Object({ personId: Type.String() }),
} as const;

export const fetchMe = route({
  operationId: "fetchMe",
  method: "GET",
  path: "/v1/me",
  ...of,
  summary: "Who calls, and what they may do",
  scope: "READ",
  status: 200,
  shape: "single",
  answer: Me,
  errors: [],
});

export const updateMe = route({
  operationId: "updateMe",
  method: "PATCH",
  path: "/v1/me",
  ...of,
  summary: "Change one's own name or language",
  scope: "READ",
  body: Type.Object({ name: Type.Optional(PersonName), locale: Type.Optional(OneOf(locales)) }, closed),
  status: 200,
  shape: "single",
  answer: Me,
  errors: ["REQUEST_INVALID", "PERSON_NEEDED"],
});

export const listPeople = route({
  operationId: "listPeople",
  method: "GET",
  path,
  ...of,
  summary: "List members and open invitations, members first, each by e-mail",
  scope: "ADMIN",
  query: Type.Object({ ...Paging }),
  status: 200,
  shape: "list",
  answer: Member,
  errors: ["REQUEST_INVALID"],
});

export const invitePerson = route({
  operationId: "invitePerson",
  method: "POST",
  path,
  ...of,
  summary: "Invite somebody",
  description:
    "Nothing is sent: the answer has the link that opens the invitation, once and for seven days. To invite an address again voids its earlier link.",
  scope: "ADMIN",
  body: Type.Object({ email: Email, role: OneOf(roles), company_ids }, closed),
  status: 201,
  shape: "single",
  answer: InvitationWithLink,
  showsSecret: true,
  errors: ["REQUEST_INVALID", "COMPANY_UNKNOWN", "GRANT_EXCEEDED", "MEMBER_EXISTS"],
});

export const deleteInvitation = route({
  operationId: "deleteInvitation",
  method: "DELETE",
  path: `${path}/invitations/{invitationId}`,
  ...of,
  summary: "Take back an invitation; its link opens nothing any more",
  scope: "ADMIN",
  params: Type.Object({ invitationId: Type.String() }),
  status: 200,
  shape: "single",
  answer: Deleted,
  errors: ["INVITATION_NOT_FOUND"],
});

export const updatePerson = route({
  operationId: "updatePerson",
  method: "PATCH",
  ...one,
  summary: "Change what a member may do",
  description: "It holds from the next request on.",
  body: Type.Object({ role: Type.Optional(OneOf(roles)), company_ids }, closed),
  status: 200,
  shape: "single",
  answer: Member,
  errors: [
    "REQUEST_INVALID",
    "COMPANY_UNKNOWN",
    "GRANT_EXCEEDED",
    "PERSON_NOT_FOUND",
    "LAST_ADMINISTRATOR",
    "VERSION_MISMATCH",
  ],
});

export const removePerson = route({
  operationId: "removePerson",
  method: "DELETE",
  ...one,
  summary: "End a membership; the person's tokens stop at once",
  status: 200,
  shape: "single",
  answer: Deleted,
  errors: ["PERSON_NOT_FOUND", "GRANT_EXCEEDED", "LAST_ADMINISTRATOR", "VERSION_MISMATCH"],
});

export const resetPassword = route({
  operationId: "resetPassword",
  method: "POST",
  ...one,
  path: `${one.path}/reset`,
  summary: "Make a link by which a member sets a new password",
  description:
    "Shown once and good for a day. Of somebody who is a member of other enterprises too only the operator makes one: it opens those as well.",
  status: 201,
  shape: "single",
  answer: Type.Object({ link, expiresAt: Timestamp }),
  showsSecret: true,
  errors: ["PERSON_NOT_FOUND", "GRANT_EXCEEDED", "PERSON_SHARED"],
});
