import type { Input, Item } from "@clientele/sdk";
import { queryOptions } from "@tanstack/react-query";
import { client } from "../../session/client.ts";

export type View = Item<"listViews">;
export type ViewDefinition = Input<"keepCurrentView">["body"]["definition"];

/** Own and shared views, by name. */
export const viewsQuery = queryOptions({
  queryKey: ["views"],
  queryFn: async ({ signal }) => (await client.listViews({}, { signal })).data,
  staleTime: 60_000,
});

/** The last table layout. Never refetched: the open page knows it best. */
export const currentViewQuery = queryOptions({
  queryKey: ["views", "current"],
  queryFn: async ({ signal }) => (await client.fetchCurrentView({}, { signal })).data.definition,
  staleTime: Number.POSITIVE_INFINITY,
});
