import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { useFieldsQuery } from "../custom-fields/queries.ts";
import { CustomersLink } from "./customers-link.tsx";
import { Figure } from "./figure.tsx";
import classes from "./insight.module.css";
import { completenessByCompanyQuery } from "./queries.ts";

const linkedMax = 5;

/** Share of each branch's customers that have a value in a field. */
export function CompletenessByCompany() {
  const t = useTranslations("insight.completenessByCompany");
  const format = useFormatter();
  const completeness = useQuery(completenessByCompanyQuery);
  const fields = useQuery(useFieldsQuery());
  const [chosenId, setChosenId] = useState<string | null>(null);
  const offered = (fields.data ?? []).filter(({ isActive }) => isActive);
  const field =
    offered.find(({ id }) => id === chosenId) ??
    offered.find(({ defaultId }) => defaultId === "email") ??
    offered[0];
  const rows = (completeness.data?.groups ?? [])
    .filter(({ customers }) => customers > 0)
    .map((group) => {
      const count = group.fields.find(({ fieldId }) => fieldId === field?.id)?.count ?? 0;
      return {
        key: group.companyId ?? "",
        label: group.companyName,
        share: count / group.customers,
        count,
        missing: group.customers - count,
      };
    })
    .toSorted((one, other) => other.share - one.share);
  const label = field?.label ?? "";
  const best = rows[0];
  const gaps = rows
    .filter(({ missing }) => missing > 0)
    .toSorted((one, other) => other.missing - one.missing)
    .slice(0, linkedMax);
  const share = (of: number) => format.number(of, { style: "percent" });
  return (
    <Figure
      query={{ ...completeness, isPending: completeness.isPending || fields.isPending }}
      title={
        best && rows.length > 1
          ? t(share(best.share) === share(rows.at(-1)!.share) ? "titleEven" : "title", {
              field: label,
              best: best.label,
              most: share(best.share),
              worst: rows.at(-1)!.label,
              least: share(rows.at(-1)!.share),
            })
          : t("titlePending")
      }
      rowsLabel={t("company")}
      kind="ranks"
      rows={rows}
      series={[{ key: "share", label: t("share", { field: label }), color: "first", isPercent: true }]}
      tableSeries={[
        { key: "share", label: t("share", { field: label }), color: "first", isPercent: true },
        { key: "count", label: t("count"), color: "first" },
        { key: "missing", label: t("missing"), color: "first" },
      ]}
      customersOf={({ key }) => ({ company_ids: [key] })}
      empty={t("empty")}
      controls={
        rows.length > 0 && (
          <NativeSelect
            label={t("choose")}
            w="fit-content"
            value={field?.id ?? ""}
            data={offered.map((option) => ({ value: option.id, label: option.label }))}
            onChange={({ currentTarget }) => setChosenId(currentTarget.value)}
          />
        )
      }
    >
      {field && gaps.length > 0 && (
        <ul className={classes.acts} aria-label={t("gaps")}>
          {gaps.map(({ key, label: company, missing }) => (
            <li key={key}>
              <CustomersLink search={{ company_ids: [key], filter_is: { [field.id]: "unset" } }}>
                {t("gap", { count: missing, company, field: label })}
              </CustomersLink>
            </li>
          ))}
        </ul>
      )}
    </Figure>
  );
}
