import { Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { BulkDialog } from "./bulk-dialog.tsx";
import type { BulkDialogProps } from "./bulk-selection.ts";
import { useBulkChange } from "./use-bulk-change.tsx";

export function DeleteDialog({ target: chosen, onStarted, onCancel }: BulkDialogProps) {
  const t = useTranslations("customers.table.bulk");
  const change = useBulkChange(chosen, onStarted);
  return (
    <BulkDialog
      submit={t("deleteSubmit", { count: chosen.count })}
      isDangerous
      isReady
      mutation={change}
      onSubmit={() => change.mutate({ delete: true })}
      onCancel={onCancel}
    >
      <Text>{t("deleteText", { count: chosen.count })}</Text>
    </BulkDialog>
  );
}
