import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "use-intl";
import type { Field } from "../custom-fields/definitions.ts";
import { useFieldsQuery } from "../custom-fields/queries.ts";
import { CustomersLink } from "./customers-link.tsx";
import { Figure } from "./figure.tsx";
import classes from "./insight.module.css";
import { completenessQuery } from "./queries.ts";

const namedGapsMax = 5;

/** Share of customers that have a value in each field, and where values are missing. */
export function Completeness() {
  const t = useTranslations("insight.completeness");
  const format = useFormatter();
  const completeness = useQuery(completenessQuery);
  const fields = useQuery(useFieldsQuery());
  const group = completeness.data?.groups[0];
  const customers = group?.customers ?? 0;
  const counts = (group?.fields ?? []).flatMap(({ fieldId, count }) => {
    const field = fields.data?.find(({ id }) => id === fieldId);
    return field === undefined || customers === 0 ? [] : [{ field, count, missing: customers - count }];
  });
  const rows = counts.map(({ field, count, missing }) => ({
    key: field.id,
    label: field.label,
    share: count / customers,
    count,
    missing,
  }));
  const mean = rows.reduce((sum, { share }) => sum + share, 0) / Math.max(1, rows.length);
  const gaps = counts.filter(isGap).toSorted((one, other) => weight(one) - weight(other));
  return (
    <Figure
      query={{ ...completeness, isPending: completeness.isPending || fields.isPending }}
      title={
        group
          ? t("title", { share: format.number(mean, { style: "percent" }), count: customers })
          : t("titlePending")
      }
      rowsLabel={t("field")}
      kind="ranks"
      rows={rows}
      series={[{ key: "share", label: t("share"), color: "first", isPercent: true }]}
      tableSeries={[
        { key: "share", label: t("share"), color: "first", isPercent: true },
        { key: "count", label: t("count"), color: "first" },
        { key: "missing", label: t("missing"), color: "first" },
      ]}
      empty={t("empty")}
    >
      {completeness.data && rows.length > 0 && (
        <Text size="xs" c="dimmed">
          {t("asOf", { at: format.dateTime(new Date(completeness.data.asOf), { timeStyle: "short" }) })}
        </Text>
      )}
      {gaps.length > 0 && (
        <ul className={classes.acts} aria-label={t("gaps")}>
          {gaps.slice(0, namedGapsMax).map(({ field, missing }) => (
            <li key={field.id}>
              <CustomersLink search={{ filter_is: { [field.id]: "unset" } }}>
                {t("gap", { count: missing, field: field.label })}
              </CustomersLink>
            </li>
          ))}
        </ul>
      )}
    </Figure>
  );
}

type FieldCount = { field: Field; count: number; missing: number };

/** A gap worth closing; a field without any values is probably not in use yet. */
const isGap = ({ field, count, missing }: FieldCount): boolean =>
  missing > 0 && (count > 0 || field.isMandatory);

/** Contact and required fields first, then the smallest gaps. */
const weight = ({ field, missing }: FieldCount): number =>
  field.isMandatory || ["email", "mobilePhone"].includes(field.defaultId) ? missing - 1e12 : missing;
