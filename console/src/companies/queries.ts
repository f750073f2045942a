import { queryOptions } from "@tanstack/react-query";
import { client } from "../session/client.ts";

/** The branches that the person may act for. */
export const companiesQuery = queryOptions({
  queryKey: ["companies"],
  queryFn: async ({ signal }) => (await client.listCompanies({}, { signal })).data,
  staleTime: 60_000,
});
