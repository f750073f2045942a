import { queryOptions } from "@tanstack/react-query";
import { client } from "../session/client.ts";
import type { Interval } from "./period.ts";

const staleTime = 60_000;

export const growthQuery = (interval: Interval, from: string) =>
  queryOptions({
    queryKey: ["insight", "growth", interval, from],
    queryFn: async ({ signal }) => (await client.fetchGrowth({ interval, from }, { signal })).data,
    staleTime,
  });

export const completenessQuery = queryOptions({
  queryKey: ["insight", "completeness"],
  queryFn: async ({ signal }) => (await client.fetchCompleteness({}, { signal })).data,
  staleTime,
});

export const completenessByCompanyQuery = queryOptions({
  queryKey: ["insight", "completeness", "company"],
  queryFn: async ({ signal }) => (await client.fetchCompleteness({ by: "company" }, { signal })).data,
  staleTime,
});

export const companiesQuery = queryOptions({
  queryKey: ["insight", "companies"],
  queryFn: async ({ signal }) => (await client.fetchCustomersByCompany({}, { signal })).data,
  staleTime,
});

export const tagsQuery = queryOptions({
  queryKey: ["insight", "tags"],
  queryFn: async ({ signal }) => (await client.fetchCustomersByTag({}, { signal })).data,
  staleTime,
});

/** Retention of imports in days. */
export const importDaysMax = 30;
export const importsQuery = queryOptions({
  queryKey: ["insight", "imports"],
  queryFn: async ({ signal }) => (await client.fetchImportActivity({ days: importDaysMax }, { signal })).data,
  staleTime,
});

export const activityQuery = (days: number) =>
  queryOptions({
    queryKey: ["insight", "activity", days],
    queryFn: async ({ signal }) => (await client.fetchActivity({ days }, { signal })).data,
    staleTime,
  });
