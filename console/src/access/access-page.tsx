import { Alert, Group, Stack } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { Outlet, useLocation } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { useMay } from "../session/me.ts";
import { LinkButton } from "../shell/link-button.tsx";
import { PageHead } from "../shell/page-header.tsx";

const places = ["people", "companies", "apps", "webhooks"] as const;

/** Who gets at the customers, and what is told of them to whom. For administrators. */
export function AccessPage() {
  const t = useTranslations("access");
  const { pathname } = useLocation();
  if (!useMay("ADMIN")) {
    return (
      <Stack>
        <PageHead title={t("title")} />
        <Alert icon={<IconLock aria-hidden />} title={t("forbidden.title")}>
          {t("forbidden.text")}
        </Alert>
      </Stack>
    );
  }
  return (
    <Stack maw={960}>
      <Group component="nav" gap={4} aria-label={t("title")}>
        {places.map((place) => {
          const isHere = pathname.startsWith(`/access/${place}`);
          return (
            <LinkButton
              key={place}
              to={`/access/${place}`}
              size="compact-sm"
              variant={isHere ? "light" : "subtle"}
              color={isHere ? "lagoon" : "gray"}
              {...(isHere ? { "aria-current": "page" as const } : {})}
            >
              {t(`places.${place}`)}
            </LinkButton>
          );
        })}
      </Group>
      <Outlet />
    </Stack>
  );
}
