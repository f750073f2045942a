import { queryOptions } from "@tanstack/react-query";
import { client } from "../session/client.ts";

/** All tags, by name. */
export const tagsQuery = queryOptions({
  queryKey: ["tags"],
  queryFn: async ({ signal }) => (await client.listTags({}, { signal })).data,
  staleTime: 60_000,
});
