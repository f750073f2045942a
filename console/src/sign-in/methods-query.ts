import { queryOptions } from "@tanstack/react-query";
import { requestAuth } from "../session/auth-request.ts";

type Methods = { password: boolean; oidc: { name: string } | null; needsSetUp: boolean };

/** Available sign-in methods. */
export const methodsQuery = queryOptions({
  queryKey: ["sign-in-methods"],
  queryFn: () => requestAuth<Methods>("methods"),
  staleTime: Number.POSITIVE_INFINITY,
});
