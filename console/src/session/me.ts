import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { client } from "./client.ts";
import { queryClient } from "./query-client.ts";

const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }) => (await client.fetchMe({}, { signal })).data,
  staleTime: 60_000,
});

/** Who is signed in, before a page is shown; refused when nobody is. */
export const loadMe = () => queryClient.ensureQueryData(meQuery);

export const useMe = () => useSuspenseQuery(meQuery).data;

type Scope = "READ" | "WRITE" | "DELETE" | "ADMIN";

/** Whether the person's role lets them do it. What it does not is not offered; the service has the last word. */
export const useMay = (scope: Scope): boolean => useMe().scopes.includes(scope);
