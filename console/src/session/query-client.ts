import { QueryClient } from "@tanstack/react-query";

// The SDK tries again where that is safe; a second layer of it would only make people wait.
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: false, staleTime: 10_000 },
    mutations: { retry: false },
  },
});
