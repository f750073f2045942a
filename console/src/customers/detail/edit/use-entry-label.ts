import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { useFieldsQuery } from "../../../custom-fields/queries.ts";
import { externalIdKey, tagsKey } from "./draft.ts";

/** The label of a draft key. */
export function useEntryLabel(): (key: string) => string {
  const t = useTranslations("customers.one");
  const { data: fields } = useSuspenseQuery(useFieldsQuery());
  return (key) => {
    if (key === externalIdKey) return t("externalId");
    if (key === tagsKey) return t("tags");
    return fields.find(({ id }) => id === key)?.label ?? key;
  };
}
