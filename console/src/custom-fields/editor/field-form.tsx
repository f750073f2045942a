import { NativeSelect, Stack, Switch, TextInput } from "@mantine/core";
import { useTranslations } from "use-intl";
import { useFieldErrorText } from "../../errors/field-error-text.ts";
import type { FieldErrors } from "../../errors/field-errors.ts";
import type { Category } from "../definitions.ts";
import { canBeUnique, type FieldDraft, type FieldType, hasOptions } from "./field-draft.ts";
import { FieldPlayground } from "./field-playground.tsx";
import { OptionsEditor } from "./options-editor.tsx";
import { ValidationEditor } from "./validation-editor.tsx";

const types = [
  "TEXT",
  "TEXTAREA",
  "EMAIL",
  "PHONE",
  "DATE",
  "NUMBER",
  "CHECKBOX",
  "SELECT",
  "MULTI_SELECT",
  "URL",
] as const satisfies readonly FieldType[];

const switches = ["isMandatory", "isMandatoryOnline", "isUnique", "isSearchable", "isActive"] as const;

type Props = {
  draft: FieldDraft;
  onChange: (draft: FieldDraft) => void;
  categories: readonly Category[];
  /** The type of a default field cannot be changed. */
  isDefault: boolean;
  /** The original name, where the form shows a translated one. */
  originalLabel?: string | null;
  /** Errors by path, such as `select_options.0.value`. */
  fieldErrors: FieldErrors;
};

export function FieldForm({
  draft,
  onChange,
  categories,
  isDefault,
  originalLabel = null,
  fieldErrors: rawErrors,
}: Props) {
  const t = useTranslations("customFields");
  const fieldErrorText = useFieldErrorText();
  const fieldErrors = Object.fromEntries(
    Object.entries(rawErrors).map(([path, fieldError]) => [path, fieldErrorText(fieldError)]),
  );
  const set = (change: Partial<FieldDraft>) => onChange({ ...draft, ...change });
  return (
    <Stack>
      <TextInput
        label={t("form.label")}
        description={originalLabel !== null && t("form.originalLabel", { name: originalLabel })}
        required
        maxLength={255}
        data-autofocus
        value={draft.label}
        error={fieldErrors["label"]}
        onChange={({ currentTarget }) => set({ label: currentTarget.value })}
      />
      <NativeSelect
        label={t("form.type")}
        description={t(isDefault ? "form.typeOfDefault" : "form.typeHint")}
        disabled={isDefault}
        value={draft.type}
        error={fieldErrors["type"]}
        data={types.map((type) => ({ value: type, label: t(`types.${type}`) }))}
        onChange={({ currentTarget }) => set({ type: currentTarget.value as FieldType })}
      />
      <NativeSelect
        label={t("form.category")}
        value={draft.categoryId}
        error={fieldErrors["category_id"]}
        data={categories.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={({ currentTarget }) => set({ categoryId: currentTarget.value })}
      />
      <TextInput
        label={t("form.placeholder")}
        description={t("form.placeholderHint")}
        maxLength={255}
        value={draft.placeholder}
        error={fieldErrors["placeholder"]}
        onChange={({ currentTarget }) => set({ placeholder: currentTarget.value })}
      />
      {hasOptions(draft.type) && (
        <OptionsEditor
          options={draft.options}
          onChange={(options) => set({ options })}
          fieldErrors={fieldErrors}
        />
      )}
      <Stack gap="sm" role="group" aria-label={t("form.switches")}>
        {switches.map((name) => {
          const isNever = name === "isUnique" && !canBeUnique(draft.type);
          return (
            <Switch
              key={name}
              label={t(`form.${name}`)}
              description={t(isNever ? "form.uniqueUnavailable" : `form.${name}Hint`)}
              error={fieldErrors[name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)]}
              disabled={isNever}
              checked={draft[name] && !isNever}
              onChange={({ currentTarget }) => set({ [name]: currentTarget.checked })}
            />
          );
        })}
      </Stack>
      <ValidationEditor
        type={draft.type}
        validation={draft.validation}
        fieldErrors={fieldErrors}
        onChange={(validation) => set({ validation })}
      />
      <FieldPlayground draft={draft} />
    </Stack>
  );
}
