import { Radio, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { client } from "../../session/client.ts";
import { BulkDialog } from "./bulk-dialog.tsx";
import type { Chosen, DialogProps } from "./chosen.ts";
import { saveAs } from "./save-as.ts";

type Format = "csv" | "xlsx";

// They are named in the address, which may not be longer.
const exportedIdsMax = 400;

/** Whether the service can be asked for these alone. */
const canBeExported = ({ selection }: Chosen): boolean =>
  selection.kind === "rows" ? selection.ids.size <= exportedIdsMax : selection.exceptIds.size === 0;

/** Customers as a file: all their fields, in the order of the table. */
export function ExportDialog({ chosen, sort, onCancel }: DialogProps) {
  const t = useTranslations("customers.table.export");
  const format = useFormatter();
  const [type, setType] = useState<Format>("csv");
  const [bytes, setBytes] = useState(0);
  const { selection, filters } = chosen;
  const save = useMutation({
    mutationFn: async () => {
      const which = selection.kind === "rows" ? { ids: [...selection.ids] } : filters;
      const order = { sort: sort.by, sort_type: sort.isDescending ? "desc" : "asc" } as const;
      await saveAs(await client.exportCustomers({ ...which, ...order, format: type }), setBytes);
    },
    onSuccess: onCancel,
  });
  const isPossible = canBeExported(chosen);
  return (
    <BulkDialog
      submit={t("submit", { count: chosen.count })}
      isReady={isPossible}
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
      {!isPossible && <Text size="sm">{t("tooMany", { max: exportedIdsMax })}</Text>}
      <Text size="sm" role="status">
        {save.isPending && t("progress", { size: format.number(bytes / 1e6, { maximumFractionDigits: 1 }) })}
      </Text>
    </BulkDialog>
  );
}
