import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { useMay } from "../session/me.ts";
import { LinkButton } from "../shell/link-button.tsx";
import { CustomersLink } from "./customers-link.tsx";
import { Figure } from "./figure.tsx";
import { intervals, type Period, stepsOf, useStepText } from "./period.ts";
import { growthQuery } from "./queries.ts";

/** Customer total over time, and created and deleted customers. */
export function Growth({ period, today }: { period: Period; today: string }) {
  const t = useTranslations("insight.growth");
  const stepText = useStepText();
  const mayWrite = useMay("WRITE");
  const interval = intervals[period];
  const from = stepsOf(period, today)[0]!;
  const growth = useQuery(growthQuery(interval, from));
  const points = growth.data?.points ?? [];
  const total = points.at(-1)?.total ?? 0;
  const created = points.reduce((sum, point) => sum + point.created, 0);
  const deleted = points.reduce((sum, point) => sum + point.deleted, 0);
  const isEmpty = total === 0 && created === 0 && deleted === 0;
  const rows = isEmpty
    ? []
    : points.map(({ start, ...counts }) => ({ key: start, label: stepText(start, interval), ...counts }));
  return (
    <>
      <Figure
        query={growth}
        title={growth.data ? t("title", { total, period }) : t("titlePending")}
        rowsLabel={t(`rows.${interval}`)}
        kind="area"
        rows={rows}
        series={[{ key: "total", label: t("total"), color: "first" }]}
        empty={
          <>
            {t("empty")}{" "}
            {mayWrite && (
              <LinkButton to="/imports/new" size="compact-sm" variant="default">
                {t("import")}
              </LinkButton>
            )}
          </>
        }
      />
      {(growth.isPending || !isEmpty) && (
        <Figure
          query={growth}
          title={growth.data ? t("changesTitle", { created, deleted, period }) : t("changesPending")}
          rowsLabel={t(`rows.${interval}`)}
          kind="bars"
          rows={rows}
          series={[
            { key: "created", label: t("created"), color: "first" },
            { key: "deleted", label: t("deleted"), color: "second" },
          ]}
          empty={t("noChanges")}
        >
          {created > 0 && (
            <CustomersLink search={{ created_since: from, sort: "createdAt", sort_type: "desc" }}>
              {t("viewNew")}
            </CustomersLink>
          )}
        </Figure>
      )}
    </>
  );
}
