import { ClienteleError } from "@clientele/sdk";
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";

/** Who is told that they may not has another role than the page knows of. */
function onError(error: unknown): void {
  if (error instanceof ClienteleError && error.code === "SCOPE_MISSING")
    void queryClient.invalidateQueries({ queryKey: ["me"] });
}

// The SDK tries again where that is safe; a second layer of it would only make people wait.
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: { retry: false, staleTime: 10_000 },
    mutations: { retry: false },
  },
});
