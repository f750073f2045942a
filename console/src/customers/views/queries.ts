import type { Input, Item } from "@clientele/sdk";
import { queryOptions } from "@tanstack/react-query";
import { client } from "../../session/client.ts";

export type View = Item<"listViews">;
export type ViewDefinition = Input<"keepCurrentView">["body"]["definition"];

/** One's own views and the shared ones, by name. */
export const viewsQuery = queryOptions({
  queryKey: ["views"],
  queryFn: async ({ signal }) => (await client.listViews({}, { signal })).data,
  staleTime: 60_000,
});

/** How the person has left the table. What is open here knows better than the service. */
export const currentViewQuery = queryOptions({
  queryKey: ["views", "current"],
  queryFn: async ({ signal }) => (await client.fetchCurrentView({}, { signal })).data.definition,
  staleTime: Number.POSITIVE_INFINITY,
});
