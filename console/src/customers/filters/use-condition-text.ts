import { useFormatter, useTranslations } from "use-intl";
import type { Field } from "../../custom-fields/definitions.ts";
import { useFieldText } from "../../custom-fields/values/field-text.ts";
import type { Condition, FieldTest } from "./conditions.ts";

type Named = { id: string; name: string };

/** A condition in words, such as "City is Bonn". */
export function useConditionText(
  fields: readonly Field[],
  tags: readonly Named[],
  /** Undefined while loading. */
  companies: readonly Named[] | undefined,
) {
  const t = useTranslations("customers.table.conditions");
  const format = useFormatter();
  const fieldText = useFieldText({ groupsPhones: false });
  const day = (text: string) => {
    const time = new Date(text);
    return Number.isNaN(time.getTime())
      ? text
      : format.dateTime(time, { dateStyle: "medium", timeZone: "UTC" });
  };

  const testText = (label: string, field: Field | null, test: FieldTest): string => {
    switch (test.is) {
      case "set":
      case "unset":
        return t(test.is, { label });
      case "between":
        return t("between", {
          label,
          has: test.from && test.to ? "both" : test.from ? "from" : "to",
          from: fieldText(field, test.from),
          to: fieldText(field, test.to),
        });
      case "contains":
        return t("contains", { label, text: test.text });
      default:
        return t("value", { label, text: fieldText(field, test.text) });
    }
  };

  return (condition: Condition): string => {
    switch (condition.on) {
      case "tags": {
        const names = condition.tagIds.map(
          (tagId) => tags.find(({ id }) => id === tagId)?.name ?? t("deletedTag"),
        );
        return t("tags", { names: format.list(names, { type: "disjunction" }) });
      }
      case "untagged":
        return t(condition.is ? "untagged" : "tagged");
      case "companies": {
        const other = companies ? t("otherCompany") : "…";
        const names = condition.companyIds.map(
          (companyId) => companies?.find(({ id }) => id === companyId)?.name ?? other,
        );
        return t("companies", { names: format.list(names, { type: "disjunction" }) });
      }
      case "letter":
        return t(condition.of, { letter: condition.letter });
      case "time": {
        const { of, since, before } = condition;
        const has = since && before ? "both" : since ? "since" : "before";
        return t(of, { has, since: day(since), before: day(before) });
      }
      case "bookings":
        return t(condition.has ? "bookings" : "noBookings");
      case "field": {
        const { fieldId, test } = condition;
        const field = fields.find(({ id, defaultId }) => id === fieldId || defaultId === fieldId) ?? null;
        return testText(field?.label ?? fieldId, field, test);
      }
    }
  };
}
