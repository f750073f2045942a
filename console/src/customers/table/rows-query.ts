import type { Input, Item } from "@clientele/sdk";
import { queryOptions } from "@tanstack/react-query";
import { client } from "../../session/client.ts";
import type { CustomerFilters } from "../customers-search.ts";

export type Customer = Item<"listCustomers">;

/** Filters, sort order and requested fields. */
export type CustomerQuery = CustomerFilters & Pick<Input<"listCustomers">, "sort" | "sort_type" | "fields">;

export const pageRows = 100;

/** One page of rows, counted from 0. Not counted by the server: counting would delay the rows. */
export const pageQuery = (query: CustomerQuery, page: number) =>
  queryOptions({
    queryKey: ["customers", "rows", query, page],
    queryFn: async ({ signal }) => {
      const input = { ...query, page: page + 1, limit: pageRows, count: "none" } as const;
      return (await client.listCustomers(input, { signal })).data;
    },
    staleTime: 30_000,
    // Scrolling through the whole table would otherwise keep every page.
    gcTime: 60_000,
  });

/** The number of matching customers. */
export const totalQuery = (filters: CustomerFilters) =>
  queryOptions({
    queryKey: ["customers", "total", filters],
    queryFn: async ({ signal }) =>
      (await client.listCustomers({ ...filters, fields: ["id"], limit: 1 }, { signal })).total ?? 0,
    staleTime: 30_000,
  });
