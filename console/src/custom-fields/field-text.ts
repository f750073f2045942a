import { useFormatter, useLocale, useTranslations } from "use-intl";
import { phoneIn, usePhoneText } from "./phone-numbers.ts";
import type { Field } from "./queries.ts";

/** How a stored value is read by people. A field that is gone is null: its value is told as it was stored. */
export function useFieldText(): (
  field: Pick<Field, "type" | "selectOptions"> | null,
  value: unknown,
) => string {
  const t = useTranslations("customFields.value");
  const format = useFormatter();
  const locale = useLocale();
  const phoneText = usePhoneText();
  return (field, value) => {
    if (value === null || value === undefined || value === "") return "";
    const labelOf = (chosen: string) =>
      field?.selectOptions.find((it) => it.value === chosen)?.label ?? chosen;
    if (Array.isArray(value)) return format.list(value.map((it) => labelOf(String(it))));
    const text = String(value);
    switch (field?.type ?? (text.startsWith('{"') ? "PHONE" : "TEXT")) {
      case "PHONE": {
        const { phone, number } = phoneIn(text) ?? {};
        return phone ? phoneText(phone) : (number ?? text);
      }
      case "DATE":
        return /^\d{4}-\d\d-\d\d$/.test(text)
          ? format.dateTime(new Date(`${text}T00:00:00Z`), { dateStyle: "medium", timeZone: "UTC" })
          : text;
      case "NUMBER":
        return new Intl.NumberFormat(locale, { maximumFractionDigits: 20 }).format(text as `${number}`);
      case "CHECKBOX":
        return text === "true" ? t("yes") : text === "false" ? t("no") : text;
      case "SELECT":
        return labelOf(text);
      default:
        return text;
    }
  };
}
