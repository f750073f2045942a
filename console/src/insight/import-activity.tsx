import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { useMay } from "../session/me.ts";
import { LinkButton } from "../shell/link-button.tsx";
import { Figure } from "./figure.tsx";
import { stepsOf, useStepText } from "./period.ts";
import { importDaysMax, importsQuery } from "./queries.ts";
import type { Series } from "./series.ts";

/** Imports by day. */
export function ImportActivity({ today }: { today: string }) {
  const t = useTranslations("insight.imports");
  const stepText = useStepText();
  const mayWrite = useMay("WRITE");
  const activity = useQuery(importsQuery);
  const days = activity.data?.days ?? [];
  const byDay = new Map(days.map((day) => [day.day, day]));
  const sum = (name: "imports" | "created" | "updated" | "failed") =>
    days.reduce((total, day) => total + day[name], 0);
  const rows =
    days.length === 0
      ? []
      : stepsOf("month", today).map((day) => {
          const { imports = 0, created = 0, updated = 0, failed = 0 } = byDay.get(day) ?? {};
          return { key: day, label: stepText(day, "day"), imports, created, updated, failed };
        });
  const series: Series[] = [
    { key: "created", label: t("created"), color: "first" },
    { key: "updated", label: t("updated"), color: "second" },
    { key: "failed", label: t("failed"), color: "third" },
  ];
  return (
    <Figure
      query={activity}
      title={
        days.length > 0
          ? t("title", {
              imports: sum("imports"),
              created: sum("created"),
              updated: sum("updated"),
              failed: sum("failed"),
              days: importDaysMax,
            })
          : t("titlePending", { days: importDaysMax })
      }
      rowsLabel={t("day")}
      kind="bars"
      rows={rows}
      series={series}
      tableSeries={[{ key: "imports", label: t("imports"), color: "first" }, ...series]}
      empty={t("empty", { days: importDaysMax })}
    >
      {mayWrite && (
        <div>
          <LinkButton to="/imports" size="compact-sm" variant="default">
            {t(days.length > 0 ? "view" : "import")}
          </LinkButton>
        </div>
      )}
    </Figure>
  );
}
