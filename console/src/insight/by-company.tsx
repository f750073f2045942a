import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { CustomersLink } from "./customers-link.tsx";
import { Figure } from "./figure.tsx";
import classes from "./insight.module.css";
import { companiesQuery } from "./queries.ts";
import { topRows } from "./series.ts";

const linkedMax = 5;

/** Customers per branch. */
export function ByCompany() {
  const t = useTranslations("insight.byCompany");
  const query = useQuery(companiesQuery);
  const companies = (query.data?.companies ?? []).filter(({ customers }) => customers > 0);
  const rows = companies.map(({ companyId, companyName, customers }) => ({
    key: companyId,
    label: companyName,
    customers,
  }));
  const first = companies[0];
  return (
    <Figure
      query={query}
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
      chartRows={topRows(rows)}
      series={[{ key: "customers", label: t("customers"), color: "first" }]}
      customersOf={({ key }) => ({ company_ids: [key] })}
      empty={t("empty")}
    >
      {companies.length > 0 && (
        <ul className={classes.acts} aria-label={t("links")}>
          {companies.slice(0, linkedMax).map(({ companyId, companyName, customers }) => (
            <li key={companyId}>
              <CustomersLink search={{ company_ids: [companyId] }}>
                {t("link", { count: customers, company: companyName })}
              </CustomersLink>
            </li>
          ))}
        </ul>
      )}
    </Figure>
  );
}
