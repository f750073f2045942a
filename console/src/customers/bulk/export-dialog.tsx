import { Radio, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { saveFile } from "../../files/save-file.ts";
import { client } from "../../session/client.ts";
import { BulkDialog } from "./bulk-dialog.tsx";
import { type BulkDialogProps, bulkTargetInput } from "./bulk-selection.ts";

type Format = "csv" | "xlsx";

/** Exports customers with all fields, in the table's order. */
export function ExportDialog({ target: chosen, sort, onCancel }: BulkDialogProps) {
  const t = useTranslations("customers.table.export");
  const format = useFormatter();
  const [type, setType] = useState<Format>("csv");
  const [bytes, setBytes] = useState(0);
  const save = useMutation({
    mutationFn: async () => {
      const { selection } = bulkTargetInput(chosen);
      const order = { sort: sort.by, sort_type: sort.isDescending ? "desc" : "asc" } as const;
      const body = { selection, ...order, format: type };
      const file = await client.exportSelection({ body });
      await saveFile(file, { fallbackName: "customers", onProgress: setBytes });
    },
    onSuccess: onCancel,
  });
  return (
    <BulkDialog
      submit={t("submit", { count: chosen.count })}
      isReady
      mutation={save}
      onSubmit={() => save.mutate()}
      onCancel={onCancel}
    >
      <Radio.Group label={t("format")} value={type} onChange={(chosenType) => setType(chosenType as Format)}>
        <Stack gap="xs" mt="xs">
          <Radio value="csv" label={t("csv")} data-autofocus />
          <Radio value="xlsx" label={t("xlsx")} />
        </Stack>
      </Radio.Group>
      <Text size="sm" role="status">
        {save.isPending && t("progress", { size: format.number(bytes / 1e6, { maximumFractionDigits: 1 }) })}
      </Text>
    </BulkDialog>
  );
}
