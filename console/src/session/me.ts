import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { client } from "./client.ts";
import { queryClient } from "./query-client.ts";

const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }) => (await client.fetchMe({}, { signal })).data,
  staleTime: 60_000,
});

/** Loads the signed-in person before a page renders; rejects when nobody is signed in. */
export const loadMe = () => queryClient.ensureQueryData(meQuery);

export const useMe = () => useSuspenseQuery(meQuery).data;

type Scope = "READ" | "WRITE" | "DELETE" | "ADMIN";

/** Whether the person's role has a scope. Hides actions only; the server decides. */
export const useMay = (scope: Scope): boolean => useMe().scopes.includes(scope);
