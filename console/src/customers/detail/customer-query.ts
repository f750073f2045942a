import { type Answer, ClienteleError, type Item } from "@clientele/sdk";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { client } from "../../session/client.ts";
import { pageAfter } from "../../session/page-after.ts";
import { queryClient } from "../../session/query-client.ts";

export type Customer = Answer<"fetchCustomer">["data"];
/** A customer with its ETag. */
export type LoadedCustomer = { customer: Customer; etag: string };
export type HistoryEntry = Item<"listHistory">;
export type TimelineEntry = Item<"listEvents">;

export const loadedFrom = ({ data, headers }: { data: Customer; headers: Headers }): LoadedCustomer => ({
  customer: data,
  etag: headers.get("etag")!,
});

/** Null if the customer does not exist or has been deleted. */
export const customerQuery = (customerId: string) =>
  queryOptions({
    queryKey: ["customer", customerId],
    queryFn: async ({ signal }): Promise<LoadedCustomer | null> => {
      try {
        return loadedFrom(await client.fetchCustomer({ customerId }, { signal }));
      } catch (error) {
        if (error instanceof ClienteleError && error.code === "CUSTOMER_NOT_FOUND") return null;
        throw error;
      }
    },
  });

export const historyQuery = (customerId: string) =>
  infiniteQueryOptions({
    queryKey: ["customer", customerId, "history"],
    queryFn: ({ pageParam: page, signal }) => client.listHistory({ customerId, page, limit: 25 }, { signal }),
    initialPageParam: 1,
    getNextPageParam: pageAfter,
  });

/** `everything` adds record changes to the events, `events` leaves them out, any other value is an event type. */
export type TimelineFilter = { show: string; companyId: string | null };

export const timelineQuery = (customerId: string, filter: TimelineFilter) =>
  infiniteQueryOptions({
    queryKey: ["customer", customerId, "timeline", filter],
    queryFn: ({ pageParam: page, signal }) => {
      const { show, companyId } = filter;
      const shown =
        show === "everything" ? { include: ["changes" as const] } : show === "events" ? {} : { type: [show] };
      const ofCompany = companyId === null ? {} : { company_id: companyId };
      return client.listEvents({ customerId, page, limit: 25, ...shown, ...ofCompany }, { signal });
    },
    initialPageParam: 1,
    getNextPageParam: pageAfter,
  });

/** Caches the customer's current state (null when deleted) and invalidates everything derived from it. */
export function cacheCustomer(customerId: string, read: LoadedCustomer | null): void {
  queryClient.setQueryData(customerQuery(customerId).queryKey, read);
  for (const part of ["history", "timeline"])
    void queryClient.invalidateQueries({ queryKey: ["customer", customerId, part] });
  void queryClient.invalidateQueries({ queryKey: ["customers"] });
}
