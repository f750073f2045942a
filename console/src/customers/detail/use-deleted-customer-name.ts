import { useSuspenseQuery } from "@tanstack/react-query";
import { useFieldsQuery } from "../../custom-fields/queries.ts";
import type { HistoryEntry } from "./customer-query.ts";
import { useCustomerName } from "./use-customer-name.ts";

/** The name of a deleted customer, read from its deletion entry. */
export function useDeletedCustomerName(): (deletion: HistoryEntry) => string {
  const { data: fields } = useSuspenseQuery(useFieldsQuery());
  const nameOf = useCustomerName();
  return ({ changes }) => {
    const before = (attribute: string) => {
      const value = changes.find((change) => change.attribute === attribute)?.before;
      return typeof value === "string" ? value : "";
    };
    const field = (defaultId: string) =>
      before(`fields.${fields.find((field) => field.defaultId === defaultId)?.id}`);
    return nameOf({
      fullName: `${field("firstName")} ${field("lastName")}`.trim(),
      companyName: field("companyName"),
      email: field("email"),
      externalId: before("externalId"),
    });
  };
}
