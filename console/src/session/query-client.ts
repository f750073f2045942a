import { ClienteleError } from "@clientele/sdk";
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";

/** A missing scope means that the person's role has changed since the page loaded it. */
function onError(error: unknown): void {
  if (error instanceof ClienteleError && error.code === "SCOPE_MISSING")
    void queryClient.invalidateQueries({ queryKey: ["me"] });
}

// The SDK already retries where that is safe.
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: { retry: false, staleTime: 10_000 },
    mutations: { retry: false },
  },
});
