import type { ImportJob } from "@clientele/sdk";
import { Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "../../errors/error-notice.tsx";
import { client } from "../../session/client.ts";
import { useImportName } from "../import-name.ts";

/** Undoes an import after showing the consequences. */
export function UndoButton({ job, size = "sm" }: { job: ImportJob; size?: string }) {
  const name = useImportName()(job);
  const t = useTranslations("imports.undo");
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [isOpen, { open, close }] = useDisclosure();
  const undo = useMutation({
    mutationFn: () => client.undoImport({ importId: job.id }),
    onSuccess: async ({ data }) => {
      close();
      await queryClient.invalidateQueries({ queryKey: ["import", job.id] });
      await navigate({ to: "/imports/$importId", params: { importId: data.id }, search: {} });
    },
  });
  const { created, updated, deleted } = job;
  return (
    <>
      <Button
        variant="default"
        size={size}
        leftSection={<IconArrowBackUp size={16} aria-hidden />}
        aria-label={t("openOf", { name })}
        onClick={open}
      >
        {t("open")}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={t("title")}
        closeButtonProps={{ "aria-label": t("close") }}
      >
        <Stack>
          <List size="sm">
            {created > 0 && <List.Item>{t("created", { count: created })}</List.Item>}
            {updated > 0 && <List.Item>{t("updated", { count: updated })}</List.Item>}
            {deleted > 0 && <List.Item>{t("deleted", { count: deleted })}</List.Item>}
          </List>
          <Text size="sm">{t("changedSince")}</Text>
          {undo.error && <ErrorNotice error={undo.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              {t("cancel")}
            </Button>
            <Button color="red" loading={undo.isPending} onClick={() => undo.mutate()}>
              {t("confirm")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
