import { useTranslations } from "use-intl";
import type { Customer } from "./customer-query.ts";

type Named = Pick<Customer, "fullName" | "companyName" | "email" | "externalId">;

/** The name of a customer, or the best substitute. */
export function useCustomerName(): (customer: Named) => string {
  const t = useTranslations("customers.one");
  return ({ fullName, companyName, email, externalId }) =>
    fullName || companyName || email || externalId || t("unnamed");
}
