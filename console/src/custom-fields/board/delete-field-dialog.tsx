import { Button, Group, Loader, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "../../errors/error-notice.tsx";
import { client } from "../../session/client.ts";
import type { Field } from "../definitions.ts";
import { AffectedCustomers } from "../editor/affected-customers.tsx";
import { ifMatch } from "../if-match.ts";
import { refreshDefinitions } from "../refresh-definitions.ts";

/** Confirms deleting a field and shows how many values are lost. */
export function DeleteFieldDialog({ field, onClose }: { field: Field; onClose: () => void }) {
  const t = useTranslations("customFields.deletion");
  const queryClient = useQueryClient();
  const preview = useQuery({
    queryKey: ["field", field.id, "deletion"],
    queryFn: async ({ signal }) => {
      const [now, deletion] = await Promise.all([
        client.fetchCustomField({ fieldId: field.id }, { signal }),
        client.deleteCustomField({ fieldId: field.id, dry_run: true }, { signal }),
      ]);
      return { etag: now.headers.get("etag"), losing: deletion.data.effect!.losing };
    },
    staleTime: 0,
    gcTime: 0,
  });
  const remove = useMutation({
    mutationFn: () => client.deleteCustomField({ fieldId: field.id }, ifMatch(preview.data?.etag ?? null)),
    onSuccess: async () => {
      onClose();
      await refreshDefinitions(queryClient);
      notifications.show({ message: t("deleted", { name: field.label }) });
    },
  });
  const lost = preview.data?.losing;
  const error = preview.error ?? remove.error;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("title", { name: field.label })}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <Stack>
        {error && (
          <ErrorNotice
            error={error}
            onRetry={() => {
              remove.reset();
              void preview.refetch();
            }}
          />
        )}
        {preview.isPending && <Loader aria-label={t("loading")} />}
        {lost && (
          <>
            <Text role="status">{t("values", { count: lost.count })}</Text>
            <AffectedCustomers
              affected={{ kind: "losing", isRefused: false, ...lost }}
              search={{ filter_is: { [field.id]: "set" } }}
            />
            <Text size="sm" c="dimmed">
              {t("permanent")}
            </Text>
          </>
        )}
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button color="red" disabled={!lost} loading={remove.isPending} onClick={() => remove.mutate()}>
            {t("confirm", { count: lost?.count ?? 0 })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
