import { type ImportJob, type Item, isFinal } from "@clientele/sdk";
import { keepPreviousData, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { client } from "../session/client.ts";

export type ImportRow = Item<"listImportRows">;
export type ImportColumn = ImportJob["columns"][number];
export type Outcome = ImportRow["outcome"];

export const importsPageSize = 50;

export const importsQuery = (page: number) =>
  queryOptions({
    queryKey: ["imports", page],
    queryFn: async ({ signal }) => client.listImports({ page, limit: importsPageSize }, { signal }),
    placeholderData: keepPreviousData,
    // Other people's imports progress too.
    refetchInterval: ({ state }) => (state.data?.data.every(isFinal) ? false : 3_000),
  });

export const importQuery = (importId: string) =>
  queryOptions({
    queryKey: ["import", importId],
    queryFn: async ({ signal }) => (await client.fetchImport({ importId }, { signal })).data,
  });

export const rowsPageSize = 500;

export const importRowsQuery = (importId: string, page: number, outcome: Outcome | null) =>
  queryOptions({
    queryKey: ["import", importId, "rows", page, outcome],
    queryFn: async ({ signal }) =>
      client.listImportRows({ importId, page, limit: rowsPageSize, ...(outcome && { outcome }) }, { signal }),
    placeholderData: keepPreviousData,
  });

/** Failed rows that are loaded to summarize errors. */
export const failedRowsMax = 10_000;

export const failedRowsQuery = (importId: string) =>
  queryOptions({
    queryKey: ["import", importId, "failed"],
    queryFn: async ({ signal }) =>
      client.listImportRows({ importId, outcome: "failed", limit: failedRowsMax }, { signal }),
  });

/** An import with live progress. `isUnreachable`: the connection is lost and is being retried. */
export function useFollowedImport(importId: string) {
  const queryClient = useQueryClient();
  const query = useQuery(importQuery(importId));
  const [isUnreachable, setIsUnreachable] = useState(false);
  const isRunning = query.data !== undefined && !isFinal(query.data);
  useEffect(() => {
    if (!isRunning) return;
    const abort = new AbortController();
    const { signal } = abort;
    const follow = async () => {
      for await (const job of client.follow(importId, { signal, onAway: () => setIsUnreachable(true) })) {
        setIsUnreachable(false);
        queryClient.setQueryData(importQuery(importId).queryKey, job);
      }
      await Promise.all(
        [["imports"], ["import"], ["customers"], ["customer"], ["fields"], ["insight"]].map((queryKey) =>
          queryClient.invalidateQueries({ queryKey }),
        ),
      );
    };
    follow().catch(() => {
      // Refetching shows why following ended.
      if (!signal.aborted) void queryClient.invalidateQueries({ queryKey: ["import", importId] });
    });
    return () => abort.abort();
  }, [importId, isRunning, queryClient]);
  return { ...query, isUnreachable: isUnreachable };
}
