import type { Input, Item } from "@clientele/sdk";
import { queryOptions } from "@tanstack/react-query";
import { client } from "../../session/client.ts";
import type { CustomerFilters } from "../customers-search.ts";

export type Customer = Item<"listCustomers">;

/** Which customers, in what order, and what is asked of each. */
export type CustomerQuery = CustomerFilters & Pick<Input<"listCustomers">, "sort" | "sort_type" | "fields">;

export const pageRows = 100;

/** A page of rows by its number, from 0. It is not counted how many there are: that would hold up the rows. */
export const pageQuery = (query: CustomerQuery, page: number) =>
  queryOptions({
    queryKey: ["customers", "rows", query, page],
    queryFn: async ({ signal }) => {
      const input = { ...query, page: page + 1, limit: pageRows, count: "none" } as const;
      return (await client.listCustomers(input, { signal })).data;
    },
    staleTime: 30_000,
    // Who scrolls through everything would keep everything.
    gcTime: 60_000,
  });

/** How many there are. */
export const totalQuery = (filters: CustomerFilters) =>
  queryOptions({
    queryKey: ["customers", "total", filters],
    queryFn: async ({ signal }) =>
      (await client.listCustomers({ ...filters, fields: ["id"], limit: 1 }, { signal })).total ?? 0,
    staleTime: 30_000,
  });
