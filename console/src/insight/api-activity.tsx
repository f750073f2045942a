import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { useMay } from "../session/me.ts";
import { LinkButton } from "../shell/link-button.tsx";
import { Figure } from "./figure.tsx";
import { intervals, type Period, periods, stepOf, stepsOf, useStepText } from "./period.ts";
import { activityQuery } from "./queries.ts";
import { topRows } from "./series.ts";

type Counts = { requests: number; answered: number; refused: number; failed: number };
const none: Counts = { requests: 0, answered: 0, refused: 0, failed: 0 };

/** API requests by day and by caller. */
export function ApiActivity({ period, today }: { period: Period; today: string }) {
  const t = useTranslations("insight.api");
  const stepText = useStepText();
  const mayAdminister = useMay("ADMIN");
  const activity = useQuery(activityQuery(periods[period]));
  const interval = intervals[period];
  const callers = activity.data?.callers ?? [];
  const nameOf = ({ callerKind, callerId, callerName }: (typeof callers)[number]) =>
    callerId === null
      ? t("people")
      : callerName || t(callerKind === "person" ? "deletedPerson" : "deletedApp");
  const byStep = summed(callers, ({ day }) => stepOf(day, interval));
  const byCaller = summed(callers, ({ callerId }) => callerId ?? "people");
  const steps =
    callers.length === 0
      ? []
      : stepsOf(period, today).map((step) => ({
          key: step,
          label: stepText(step, interval),
          ...(byStep.get(step) ?? none),
        }));
  const names = new Map(callers.map((caller) => [caller.callerId ?? "people", nameOf(caller)]));
  const ranks = [...byCaller]
    .map(([id, counts]) => ({ key: id, label: names.get(id)!, ...counts }))
    .toSorted((one, other) => other.requests - one.requests);
  const total = ranks.reduce((sum, { requests }) => sum + requests, 0);
  const wrong = ranks.reduce((sum, { refused, failed }) => sum + refused + failed, 0);
  const series = [
    { key: "answered", label: t("succeeded"), color: "first" },
    { key: "refused", label: t("clientErrors"), color: "second" },
    { key: "failed", label: t("serverErrors"), color: "third" },
  ] as const;
  return (
    <>
      <Figure
        query={activity}
        title={callers.length > 0 ? t("title", { total, wrong, period }) : t("titlePending")}
        rowsLabel={t(`rows.${interval}`)}
        kind="bars"
        rows={steps}
        series={series}
        empty={t("empty")}
      />
      {(activity.isPending || ranks.length > 0) && (
        <Figure
          query={activity}
          title={
            ranks[0]
              ? t("callersTitle", { caller: ranks[0].label, count: ranks[0].requests, period })
              : t("callersPending")
          }
          rowsLabel={t("caller")}
          kind="ranks"
          rows={ranks}
          chartRows={topRows(ranks)}
          series={series}
          empty={t("empty")}
        >
          {mayAdminister && (
            <div>
              <LinkButton to="/access/apps" size="compact-sm" variant="default">
                {t("apps")}
              </LinkButton>
            </div>
          )}
        </Figure>
      )}
    </>
  );
}

type Counted = { requests: number; refused: number; failed: number };

function summed<T extends Counted>(counted: readonly T[], keyOf: (caller: T) => string): Map<string, Counts> {
  const sums = new Map<string, Counts>();
  for (const caller of counted) {
    const key = keyOf(caller);
    const { requests, answered, refused, failed } = sums.get(key) ?? none;
    sums.set(key, {
      requests: requests + caller.requests,
      answered: answered + caller.requests - caller.refused - caller.failed,
      refused: refused + caller.refused,
      failed: failed + caller.failed,
    });
  }
  return sums;
}
