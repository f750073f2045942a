import { MultiSelect, Select } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import type { Field } from "../definitions.ts";

type Props = {
  id: string;
  label: ReactNode;
  field: Field;
  value: string | string[];
  onChange: (value: string | string[]) => void;
  error?: ReactNode;
  description?: ReactNode;
  placeholder?: string;
  required: boolean;
  disabled: boolean;
};

/** Selects one or several options. A removed option stays selectable for customers who have it. */
export function ChoiceInput({ field, value, onChange, ...rest }: Props) {
  const t = useTranslations("customFields.value");
  const chosen = Array.isArray(value) ? value : value === "" ? [] : [value];
  const offered = field.selectOptions
    .filter((option) => option.isActive)
    .map((option) => ({ value: option.value, label: option.label }));
  const removed = chosen
    .filter((chosenValue) => !offered.some((option) => option.value === chosenValue))
    .map((chosenValue) => {
      const definition = field.selectOptions.find((option) => option.value === chosenValue);
      return { value: chosenValue, label: t("removedOption", { option: definition?.label ?? chosenValue }) };
    });
  const props = {
    ...rest,
    data: [...offered, ...removed],
    searchable: true,
    clearable: true,
    nothingFoundMessage: t("noOption"),
    clearButtonProps: { "aria-label": t("clear", { field: field.label }) },
    maxDropdownHeight: 260,
  };
  return field.isMultiple ? (
    <MultiSelect {...props} value={chosen} onChange={onChange} hidePickedOptions />
  ) : (
    <Select {...props} value={chosen[0] ?? null} onChange={(next) => onChange(next ?? "")} />
  );
}
