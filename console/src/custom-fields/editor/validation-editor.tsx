import { Fieldset, Group, NumberInput, Stack, TextInput } from "@mantine/core";
import { useTranslations } from "use-intl";
import classes from "../fields.module.css";
import { type FieldType, rulesOf, type ValidationDraft } from "./field-draft.ts";

type Props = {
  type: FieldType;
  validation: ValidationDraft;
  onChange: (validation: ValidationDraft) => void;
  /** Errors by path, such as `validation.pattern`. */
  fieldErrors: Record<string, string>;
};

/** Validation rules beyond the field type. */
export function ValidationEditor({ type, validation, onChange, fieldErrors }: Props) {
  const t = useTranslations("customFields.validation");
  const rules = rulesOf(type);
  const set = (rule: keyof ValidationDraft, value: string | number) => {
    const { [rule]: _, ...others } = validation;
    onChange(value === "" ? others : { ...others, [rule]: value });
  };
  if (rules.length === 0) return null;
  return (
    <Fieldset legend={t("legend")}>
      <Stack gap="sm">
        <Group grow align="start">
          {rules
            .filter((rule) => rule !== "pattern")
            .map((rule) => (
              <NumberInput
                key={rule}
                label={t(rule)}
                value={validation[rule] ?? ""}
                error={fieldErrors[`validation.${rule}`]}
                onChange={(value) => set(rule, value)}
                {...(rule === "minLength" || rule === "maxLength"
                  ? { allowDecimal: false, allowNegative: false, max: 100_000 }
                  : {})}
                hideControls
              />
            ))}
        </Group>
        {rules.includes("pattern") && (
          <TextInput
            label={t("pattern")}
            description={t("patternHint")}
            value={validation.pattern ?? ""}
            maxLength={256}
            error={fieldErrors["validation.pattern"]}
            spellCheck={false}
            autoComplete="off"
            classNames={{ input: classes.pattern! }}
            onChange={({ currentTarget }) => set("pattern", currentTarget.value)}
          />
        )}
      </Stack>
    </Fieldset>
  );
}
