import { useQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "use-intl";
import { useDefaultNames } from "../default-names.ts";
import type { Field } from "../definitions.ts";
import { useCategoriesQuery } from "../queries.ts";

/** Formats the value of a field attribute for display. */
export function useAttributeText(field: Field): (attribute: string, value: unknown) => string {
  const t = useTranslations("customFields");
  const format = useFormatter();
  const { fieldNamed } = useDefaultNames();
  const { data: categories } = useQuery(useCategoriesQuery());
  return (attribute, value) => {
    if (value === null || value === undefined || value === "") return t("history.emptyValue");
    if (typeof value === "boolean") return t(value ? "value.yes" : "value.no");
    if (attribute === "label") return fieldNamed({ ...field, label: String(value) }).label;
    if (attribute === "orderIndex") return format.number(Number(value) + 1);
    if (attribute === "type") return t(`types.${value as Field["type"]}`);
    if (attribute === "categoryId")
      return categories?.find(({ id }) => id === value)?.name ?? t("history.deletedCategory");
    if (attribute === "selectOptions")
      return format.list(
        fieldNamed({ ...field, selectOptions: value as Field["selectOptions"] }).selectOptions.map(
          ({ label, isActive }) => (isActive ? label : t("history.inactiveOption", { label })),
        ),
      );
    if (attribute === "validation") {
      const rules = Object.entries(value as Field["validation"]);
      if (rules.length === 0) return t("history.emptyValue");
      return format.list(
        rules.map(([rule, bound]) => `${t(`validation.${rule as keyof Field["validation"]}`)} ${bound}`),
      );
    }
    return String(value);
  };
}
