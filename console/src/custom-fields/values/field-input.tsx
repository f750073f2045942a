import { Input, SegmentedControl, Textarea, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { useLocale, useTranslations } from "use-intl";
import type { Field } from "../definitions.ts";
import { ChoiceInput } from "./choice-input.tsx";
import { DateInput } from "./date-input.tsx";
import { PhoneInput } from "./phone-input.tsx";

type Props = {
  field: Field;
  /** The value as a request has it: text, or the options of a multi-select. `""` is empty. */
  value: string | string[];
  onChange: (value: string | string[]) => void;
  id?: string;
  /** Overrides the field's own label. */
  label?: string;
  error?: ReactNode;
  description?: ReactNode;
  /** Overrides the field's own setting. */
  required?: boolean;
  disabled?: boolean;
};

/** The input for a field's type. */
export function FieldInput({
  field,
  value,
  onChange,
  id = field.id,
  label = field.label,
  required = field.isMandatory,
  disabled = false,
  ...given
}: Props) {
  const t = useTranslations("customFields.value");
  const isGerman = useLocale() === "de";
  const text = typeof value === "string" ? value : "";
  const shared = {
    ...given,
    id,
    label,
    required,
    disabled,
    ...(field.placeholder === "" ? {} : { placeholder: field.placeholder }),
  };
  const typed = {
    ...shared,
    value: text,
    autoComplete: "off",
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) => onChange(currentTarget.value),
  };
  if (field.isMultiple) return <ChoiceInput {...shared} {...{ field, value, onChange }} />;
  switch (field.type) {
    case "SELECT":
      return <ChoiceInput {...shared} {...{ field, value, onChange }} />;
    case "PHONE":
      return <PhoneInput {...shared} name={label} value={text} onChange={onChange} />;
    case "DATE": {
      const { placeholder: _, ...rest } = shared;
      return <DateInput {...rest} name={label} value={text} onChange={onChange} />;
    }
    case "NUMBER":
      // Text, with only the decimal separator localized: a numeric input would turn a pasted 38,5 into 385.
      // Invalid numbers are passed on for the server to report.
      return (
        <TextInput
          {...typed}
          inputMode="decimal"
          value={isGerman ? text.replace(".", ",") : text}
          onChange={({ currentTarget: { value: written } }) =>
            onChange(isGerman ? written.replace(",", ".") : written)
          }
        />
      );
    case "CHECKBOX":
      return (
        <Input.Wrapper
          {...given}
          {...{ label, required }}
          labelElement="div"
          labelProps={{ id: `${id}-label` }}
        >
          <div>
            <SegmentedControl
              aria-labelledby={`${id}-label`}
              disabled={disabled}
              value={text}
              onChange={onChange}
              data={[
                { value: "", label: t("unset") },
                { value: "true", label: t("yes") },
                { value: "false", label: t("no") },
              ]}
            />
          </div>
        </Input.Wrapper>
      );
    case "TEXTAREA":
      return <Textarea {...typed} autosize minRows={2} maxRows={12} />;
    case "EMAIL":
      return <TextInput {...typed} type="email" inputMode="email" />;
    case "URL":
      return <TextInput {...typed} type="url" inputMode="url" />;
    default:
      return <TextInput {...typed} />;
  }
}
