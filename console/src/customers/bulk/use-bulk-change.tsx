import { ClienteleError } from "@clientele/sdk";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { client } from "../../session/client.ts";
import { type BulkChange, type BulkTarget, bulkTargetInput } from "./bulk-selection.ts";
import { JobNotice } from "./job-notice.tsx";

/** Starts a bulk change; a notification shows its progress on every page. */
export function useBulkChange(target: BulkTarget, onStarted: () => void) {
  const queryClient = useQueryClient();
  const t = useTranslations("customers.table.job");
  return useMutation({
    mutationFn: async (change: BulkChange) =>
      (await client.bulkChangeCustomers({ body: { ...bulkTargetInput(target), change } })).data,
    onSuccess: ({ id }) => {
      notifications.show({
        id,
        role: "region",
        "aria-label": t("label"),
        autoClose: false,
        withCloseButton: true,
        closeButtonProps: { "aria-label": t("dismiss") },
        message: <JobNotice importId={id} />,
      });
      onStarted();
    },
    onError: (error) => {
      if (isCountOutdated(error)) void queryClient.invalidateQueries({ queryKey: ["customers", "total"] });
    },
  });
}

/** The number of matching customers has changed since it was counted. */
export const isCountOutdated = (error: unknown): boolean =>
  error instanceof ClienteleError && error.code === "SELECTION_CHANGED";
