import { Select, TextInput } from "@mantine/core";
import { useTranslations } from "use-intl";
import type { Field } from "../../custom-fields/definitions.ts";
import { FieldInput } from "../../custom-fields/values/field-input.tsx";
import type { FieldTest } from "./conditions.ts";

const value: FieldTest = { is: "value", text: "" };
const contains: FieldTest = { is: "contains", text: "" };
const between: FieldTest = { is: "between", from: "", to: "" };
const isSet: readonly FieldTest[] = [{ is: "set" }, { is: "unset" }];

/** Tests that a field type supports, the most common one first. */
export function testsOf({ type }: Pick<Field, "type">): readonly FieldTest[] {
  switch (type) {
    case "DATE":
    case "NUMBER":
      return [between, value, ...isSet];
    case "SELECT":
    case "MULTI_SELECT":
    case "CHECKBOX":
      return [value, ...isSet];
    default:
      return [contains, value, ...isSet];
  }
}

type Props = { field: Field; test: FieldTest; onChange: (test: FieldTest) => void };

export function FieldTestInput({ field, test, onChange }: Props) {
  const t = useTranslations("customers.table.filters");
  const tests = testsOf(field);
  const input = (label: string, text: string, take: (text: string) => void) => (
    <FieldInput
      key={label}
      field={{ ...field, isMandatory: false, isMultiple: false, ...singleOf(field) }}
      label={label}
      value={text}
      onChange={(chosen) => take(String(chosen))}
    />
  );
  return (
    <>
      <Select
        label={t("condition")}
        allowDeselect={false}
        data={tests.map(({ is }) => ({ value: is, label: t(`tests.${is}`) }))}
        value={test.is}
        onChange={(is) => onChange(tests.find((fieldTest) => fieldTest.is === is)!)}
      />
      {test.is === "contains" && (
        <TextInput
          label={t("text")}
          maxLength={100}
          value={test.text}
          onChange={({ currentTarget }) => onChange({ ...test, text: currentTarget.value })}
        />
      )}
      {test.is === "value" && input(t("value"), test.text, (text) => onChange({ ...test, text }))}
      {test.is === "between" && (
        <>
          {input(t("from"), test.from, (from) => onChange({ ...test, from }))}
          {input(t("to"), test.to, (to) => onChange({ ...test, to }))}
        </>
      )}
    </>
  );
}

/** A multi-select is tested for one option. */
const singleOf = ({ type }: Field): Partial<Field> => (type === "MULTI_SELECT" ? { type: "SELECT" } : {});
