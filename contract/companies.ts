import { Type } from "typebox";
import { Paging } from "./envelopes.ts";
import { closed, ExternalId, Id, Nullable, Timestamp } from "./formats.ts";
import { route } from "./route.ts";

export const Company = Type.Object(
  { id: Id, externalId: Type.String(), name: Type.String(), createdAt: Timestamp, updatedAt: Timestamp },
  { title: "Company" },
);

export const listCompanies = route({
  operationId: "listCompanies",
  method: "GET",
  path: "/v1/companies",
  group: "Companies",
  summary: "List the branches that the caller may act for",
  scope: "READ",
  extension: true,
  query: Type.Object({ ...Paging }),
  status: 200,
  shape: "list",
  answer: Company,
  errors: ["REQUEST_INVALID"],
});

const name = Type.String({ minLength: 1, maxLength: 200 });
const others = { external_id: Type.Optional(Nullable(ExternalId)) };

export const createCompany = route({
  operationId: "createCompany",
  method: "POST",
  path: "/v1/companies",
  group: "Companies",
  summary: "Create a branch",
  description: "Only for callers that may act for all branches.",
  scope: "ADMIN",
  extension: true,
  body: Type.Object({ name, ...others }, { ...closed, title: "CompanyCreate" }),
  status: 201,
  shape: "single",
  answer: Company,
  errors: ["REQUEST_INVALID", "NAME_TAKEN", "EXTERNAL_ID_INVALID", "EXTERNAL_ID_TAKEN", "GRANT_EXCEEDED"],
});

export const updateCompany = route({
  operationId: "updateCompany",
  method: "PATCH",
  path: "/v1/companies/{companyId}",
  group: "Companies",
  summary: "Update a branch",
  description: "Only for branches that the caller may act for.",
  scope: "ADMIN",
  extension: true,
  params: Type.Object({ companyId: Type.String() }),
  body: Type.Object({ name: Type.Optional(name), ...others }, { ...closed, title: "CompanyUpdate" }),
  status: 200,
  shape: "single",
  answer: Company,
  errors: [
    "REQUEST_INVALID",
    "COMPANY_NOT_FOUND",
    "NAME_TAKEN",
    "EXTERNAL_ID_INVALID",
    "EXTERNAL_ID_TAKEN",
    "VERSION_MISMATCH",
  ],
});
