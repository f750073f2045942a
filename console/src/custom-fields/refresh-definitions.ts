import type { QueryClient } from "@tanstack/react-query";

/** Invalidates everything that depends on fields and categories. */
export async function refreshDefinitions(queryClient: QueryClient): Promise<void> {
  for (const domain of ["customers", "customer", "insight"])
    void queryClient.invalidateQueries({ queryKey: [domain] });
  await Promise.all(
    ["fields", "field", "categories", "category"].map((domain) =>
      queryClient.invalidateQueries({ queryKey: [domain] }),
    ),
  );
}
