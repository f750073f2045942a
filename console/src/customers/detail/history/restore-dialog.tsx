import { ClienteleError } from "@clientele/sdk";
import { Button, Group, Modal, Skeleton, Stack, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { client } from "../../../session/client.ts";
import { queryClient } from "../../../session/query-client.ts";
import { cacheCustomer, customerQuery, loadedFrom } from "../customer-query.ts";
import { FieldErrorNotice } from "../field-error-notice.tsx";
import { ChangeTable } from "./change-table.tsx";
import { changesBackTo } from "./version-diff.ts";

type Props = { customerId: string; etag: string | null; version: number; onClose: () => void };

/** Shows what restoring a version would change, and restores it. */
export function RestoreDialog({ customerId, etag, version, onClose }: Props) {
  const t = useTranslations("customers.one.restore");
  const changes = useQuery({
    queryKey: ["customer", customerId, "history", "back-to", version, etag],
    queryFn: ({ signal }) => changesBackTo(client.each("listHistory", { customerId }, { signal }), version),
  });
  const restore = useMutation({
    mutationFn: () =>
      client.restoreCustomer(
        { customerId, body: { version } },
        // A deleted customer has no ETag.
        etag === null ? {} : { ifMatch: etag },
      ),
    onSuccess: (answer) => {
      cacheCustomer(customerId, loadedFrom(answer));
      onClose();
    },
    onError: (error) => {
      // Someone else was faster: the dialog shows the new differences and asks again.
      if (error instanceof ClienteleError && error.code === "VERSION_MISMATCH")
        void queryClient.invalidateQueries({ queryKey: customerQuery(customerId).queryKey });
    },
  });
  const failure = changes.error ?? restore.error;
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t("title", { version })}
      closeButtonProps={{ "aria-label": t("cancel") }}
    >
      <Stack>
        {failure && <FieldErrorNotice error={failure} />}
        {changes.isFetching && <Skeleton h={120} role="status" aria-label={t("loading")} />}
        {changes.data?.length === 0 && <Text>{t("same")}</Text>}
        {changes.data && changes.data.length > 0 && (
          <>
            <Text>{t("text")}</Text>
            <ChangeTable changes={changes.data} label={t("table")} />
          </>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t("cancel")}
          </Button>
          <Button
            disabled={!changes.data || (changes.data.length === 0 && etag !== null)}
            loading={restore.isPending}
            onClick={() => restore.mutate()}
          >
            {t("submit")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
