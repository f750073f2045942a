import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { Figure } from "./figure.tsx";
import { companiesQuery } from "./queries.ts";
import { mostOf } from "./series.ts";

/** How many customers have been at each company. */
export function ByCompany() {
  const t = useTranslations("insight.byCompany");
  const counted = useQuery(companiesQuery);
  const companies = (counted.data?.companies ?? []).filter(({ customers }) => customers > 0);
  const rows = companies.map(({ companyId, companyName, customers }) => ({
    key: companyId,
    label: companyName,
    customers,
  }));
  const first = companies[0];
  return (
    <Figure
      asked={counted}
      title={
        first
          ? t("title", {
              company: first.companyName,
              count: first.customers,
              companies: companies.length,
            })
          : t("titlePending")
      }
      rowsLabel={t("company")}
      kind="ranks"
      rows={rows}
      chartRows={mostOf(rows)}
      series={[{ key: "customers", label: t("customers"), color: "first" }]}
      empty={t("empty")}
    />
  );
}
