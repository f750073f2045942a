import type { Item } from "@clientele/sdk";
import { queryOptions } from "@tanstack/react-query";
import { client } from "../session/client.ts";

export type Field = Item<"listCustomFields">;
export type Category = Item<"listCategories">;

/** Every field, those that are not in use too, in the order of the definitions. */
export const fieldsQuery = queryOptions({
  queryKey: ["fields"],
  queryFn: async ({ signal }) => (await client.listCustomFields({}, { signal })).data,
  staleTime: 60_000,
});

export const categoriesQuery = queryOptions({
  queryKey: ["categories"],
  queryFn: async ({ signal }) => (await client.listCategories({}, { signal })).data,
  staleTime: 60_000,
});
