import { queryOptions } from "@tanstack/react-query";
import { client } from "../session/client.ts";

/** Members and pending invitations. */
export const peopleQuery = queryOptions({
  queryKey: ["people"],
  queryFn: async ({ signal }) => (await client.listPeople({}, { signal })).data,
});

/** All apps, including revoked ones. */
export const appsQuery = queryOptions({
  queryKey: ["apps"],
  queryFn: async ({ signal }) => (await client.listApps({}, { signal })).data,
});

const days = 7;

/** Requests per app id in the last 7 days. */
export const requestsQuery = queryOptions({
  queryKey: ["insight", "activity", "by-app", days],
  queryFn: async ({ signal }) => {
    const { data } = await client.fetchActivity({ days }, { signal });
    const byApp = new Map<string, number>();
    for (const { callerKind, callerId, requests } of data.callers)
      if (callerKind === "app" && callerId !== null)
        byApp.set(callerId, (byApp.get(callerId) ?? 0) + requests);
    return byApp;
  },
});

export const webhooksQuery = queryOptions({
  queryKey: ["webhooks"],
  queryFn: async ({ signal }) => (await client.listWebhooks({}, { signal })).data,
});

export const webhookQuery = (webhookId: string) =>
  queryOptions({
    queryKey: ["webhooks", webhookId],
    queryFn: async ({ signal }) => (await client.fetchWebhook({ webhookId }, { signal })).data,
  });
