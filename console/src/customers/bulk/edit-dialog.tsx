import { Select, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useFieldsQuery } from "../../custom-fields/queries.ts";
import { useValueErrorText } from "../../custom-fields/value-error-text.ts";
import { FieldInput } from "../../custom-fields/values/field-input.tsx";
import { bodyErrors } from "../../errors/field-errors.ts";
import { BulkDialog } from "./bulk-dialog.tsx";
import type { BulkDialogProps } from "./bulk-selection.ts";
import { useBulkChange } from "./use-bulk-change.tsx";

/** Sets or clears one field of many customers. */
export function EditDialog({ target: chosen, onStarted, onCancel }: BulkDialogProps) {
  const t = useTranslations("customers.table.bulk");
  const fieldErrorText = useValueErrorText();
  const fields = useSuspenseQuery(useFieldsQuery()).data.filter(({ isActive }) => isActive);
  const [fieldId, setFieldId] = useState<string | null>(null);
  const [value, setValue] = useState<string | string[]>("");
  const change = useBulkChange(chosen, onStarted);
  const field = fields.find(({ id }) => id === fieldId);
  const fieldError = Object.entries(bodyErrors(change.error)).find(([path]) =>
    path.includes("customfields"),
  )?.[1];
  const isEmptying = value.length === 0;
  return (
    <BulkDialog
      submit={t(isEmptying && field ? "clearSubmit" : "editSubmit", { count: chosen.count })}
      isReady={field !== undefined}
      isDangerous={isEmptying && field !== undefined}
      mutation={change}
      isErrorShown={fieldError !== undefined}
      onSubmit={() => {
        if (!field) return;
        const written = Array.isArray(value) ? { values: value } : { value };
        change.mutate({ customfields: [{ id: field.id, ...written }] });
      }}
      onCancel={onCancel}
    >
      <Select
        label={t("field")}
        data-autofocus
        searchable
        allowDeselect={false}
        data={fields.map(({ id, label }) => ({ value: id, label }))}
        value={fieldId}
        onChange={(id) => {
          setFieldId(id);
          setValue("");
          change.reset();
        }}
      />
      {field && (
        <FieldInput
          key={field.id}
          field={field}
          label={t("newValue", { field: field.label })}
          required={false}
          value={value}
          onChange={setValue}
          {...(fieldError === undefined ? {} : { error: fieldErrorText(fieldError) })}
        />
      )}
      {field && isEmptying && <Text size="sm">{t("emptyHint", { field: field.label })}</Text>}
    </BulkDialog>
  );
}
