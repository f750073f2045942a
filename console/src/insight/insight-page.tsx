import { Group, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { PageTitle } from "../shell/page-title.tsx";
import { ApiActivity } from "./api-activity.tsx";
import { ByCompany } from "./by-company.tsx";
import { ByTag } from "./by-tag.tsx";
import { Completeness } from "./completeness.tsx";
import { CompletenessByCompany } from "./completeness-by-company.tsx";
import { Growth } from "./growth.tsx";
import { ImportActivity } from "./import-activity.tsx";
import classes from "./insight.module.css";
import { type Period, periods } from "./period.ts";

export function InsightPage() {
  const t = useTranslations("insight.page");
  const [period, setPeriod] = useState<Period>("month");
  // The server counts in UTC days.
  const today = new Date().toISOString().slice(0, 10);
  return (
    <Stack className={classes.page!}>
      <PageTitle title={t("title")} />
      <Group justify="space-between">
        <Title order={1}>{t("title")}</Title>
        <SegmentedControl
          aria-label={t("period")}
          value={period}
          onChange={(chosen) => setPeriod(chosen as Period)}
          data={Object.keys(periods).map((name) => ({ value: name, label: t(`periods.${name as Period}`) }))}
        />
      </Group>
      <Text c="dimmed">{t("description")}</Text>
      <div className={classes.figures}>
        <Growth period={period} today={today} />
        <Completeness />
        <CompletenessByCompany />
        <ByCompany />
        <ByTag />
        <ImportActivity today={today} />
        <ApiActivity period={period} today={today} />
      </div>
    </Stack>
  );
}
