import { Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "../../errors/error-notice.tsx";
import { client } from "../../session/client.ts";
import type { View } from "./queries.ts";
import { isSavedView } from "./use-save-view.ts";

type Props = { view: View; onDeleted: () => void; onCancel: () => void };

export function DeleteView({ view, onDeleted, onCancel }: Props) {
  const t = useTranslations("customers.table.views");
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => client.deleteView({ viewId: view.id }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["views"], predicate: isSavedView });
      onDeleted();
    },
  });
  return (
    <Stack>
      <Text>{t(view.isShared ? "deleteShared" : "deleteOwn", { name: view.name })}</Text>
      {remove.error && <ErrorNotice error={remove.error} />}
      <Group justify="flex-end">
        <Button variant="default" data-autofocus onClick={onCancel}>
          {t("cancel")}
        </Button>
        <Button color="red.9" loading={remove.isPending} onClick={() => remove.mutate()}>
          {t("delete")}
        </Button>
      </Group>
    </Stack>
  );
}
