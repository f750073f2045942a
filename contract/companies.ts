import { Type } from "typebox";
import { Paging } from "./envelopes.ts";
import { Id, Timestamp } from "./formats.ts";
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
  summary: "List the companies (branches) the app may act for",
  scope: "READ",
  extension: true,
  query: Type.Object({ ...Paging }),
  status: 200,
  shape: "list",
  answer: Company,
  errors: ["REQUEST_INVALID"],
});
