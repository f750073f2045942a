import type { Item } from "@clientele/sdk";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client } from "../../session/client.ts";

export type Delivery = Item<"listWebhookDeliveries">;
export const statuses = ["pending", "delivered", "failed"] as const satisfies Delivery["status"][];

export const deliveriesPerPage = 20;
const pollMs = 1_500;

/** One page of the delivery log; polls while a delivery on the page is pending. */
export const deliveriesQuery = (webhookId: string, status: Delivery["status"] | null, page: number) =>
  queryOptions({
    queryKey: ["webhooks", webhookId, "deliveries", { status, page }],
    queryFn: ({ signal }) =>
      client.listWebhookDeliveries(
        { webhookId, page, limit: deliveriesPerPage, ...(status === null ? {} : { status }) },
        { signal },
      ),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.data.some((delivery) => delivery.status === "pending") ? pollMs : false,
  });

export const deliveryQuery = (webhookId: string, deliveryId: string) =>
  queryOptions({
    queryKey: ["webhooks", webhookId, "delivery", deliveryId],
    queryFn: async ({ signal }) =>
      (await client.fetchWebhookDelivery({ webhookId, deliveryId }, { signal })).data,
    refetchInterval: ({ state }) => (state.data?.status === "pending" ? pollMs : false),
  });
