import { queryOptions } from "@tanstack/react-query";
import { client } from "../session/client.ts";

/** Members and open invitations. */
export const peopleQuery = queryOptions({
  queryKey: ["people"],
  queryFn: async ({ signal }) => (await client.listPeople({}, { signal })).data,
});

/** Apps, those that were revoked too. */
export const appsQuery = queryOptions({
  queryKey: ["apps"],
  queryFn: async ({ signal }) => (await client.listApps({}, { signal })).data,
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
