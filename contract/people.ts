import { Type } from "typebox";
import { Deleted, Paging } from "./envelopes.ts";
import { closed, errorKey, Id, Nullable, OneOf, Timestamp } from "./formats.ts";
import { roles } from "./roles.ts";
import { route, scopes } from "./route.ts";

export const locales = ["en", "de"] as const;

/** Case-insensitive; stored in lower case. */
export const Email = Type.String({
  pattern: "^[!-?A-~]+@[A-Za-z0-9.-]+$",
  ...errorKey("EMAIL_INVALID"),
  maxLength: 254,
  description: "An e-mail address.",
});
export const PersonName = Type.String({ minLength: 1, maxLength: 200, pattern: "\\S", ...errorKey("EMPTY") });

const CompanyIds = Nullable(
  Type.Array(Id, { description: "The branches that the caller or member may act for. Null means all." }),
);

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
      description: "All enterprises that the person is a member of, by name; for an app its own enterprise.",
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
  description:
    "Shown only once. Without the setting `CLIENTELE_URL` the link is a path on the service's address.",
});
const InvitationWithLink = Type.Object({ ...member, link }, { title: "InvitationWithLink" });

const company_ids = Type.Optional(
  Nullable(
    Type.Array(Type.String(), {
      minItems: 1,
      maxItems: 1_000,
      description:
        "Branches that the person may act for. Null means all. An invitation without `company_ids` gets those of the caller.",
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
  summary: "Fetch the caller and the caller's permissions",
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
  summary: "Change your own name or language",
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
  summary: "List members, then open invitations, each by e-mail",
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
  summary: "Invite a person",
  description:
    "No e-mail is sent: the answer contains the link, which works once and for seven days. Inviting the same address again invalidates the earlier link.",
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
  summary: "Withdraw an invitation",
  description: "Its link becomes invalid.",
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
  summary: "Change a member's role and branches",
  description: "The change applies from the member's next request.",
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
  summary: "Remove a member",
  description: "The person's tokens for this enterprise become invalid at once.",
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
  summary: "Create a link for a member to reset the password",
  description:
    "The link is shown once and is valid for one day. For a member of several enterprises only the operator can create the link, because the password opens all of them.",
  status: 201,
  shape: "single",
  answer: Type.Object({ link, expiresAt: Timestamp }),
  showsSecret: true,
  errors: ["PERSON_NOT_FOUND", "GRANT_EXCEEDED", "PERSON_SHARED"],
});
