import { Alert, Group, Stack } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { Outlet, useLocation } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { useMay } from "../session/me.ts";
import { LinkButton } from "../shell/link-button.tsx";
import { PageHeader } from "../shell/page-header.tsx";

const sections = ["people", "companies", "apps", "webhooks"] as const;

/** People, branches, apps and webhooks. Administrators only. */
export function AccessPage() {
  const t = useTranslations("access");
  const { pathname } = useLocation();
  if (!useMay("ADMIN")) {
    return (
      <Stack>
        <PageHeader title={t("title")} />
        <Alert icon={<IconLock aria-hidden />} title={t("forbidden.title")}>
          {t("forbidden.description")}
        </Alert>
      </Stack>
    );
  }
  return (
    <Stack maw={960}>
      <Group component="nav" gap={4} aria-label={t("title")}>
        {sections.map((section) => {
          const isCurrent = pathname.startsWith(`/access/${section}`);
          return (
            <LinkButton
              key={section}
              to={`/access/${section}`}
              size="compact-sm"
              variant={isCurrent ? "light" : "subtle"}
              color={isCurrent ? "lagoon" : "gray"}
              {...(isCurrent ? { "aria-current": "page" as const } : {})}
            >
              {t(`sections.${section}`)}
            </LinkButton>
          );
        })}
      </Group>
      <Outlet />
    </Stack>
  );
}
