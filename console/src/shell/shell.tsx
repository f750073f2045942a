import { AppShell, Burger, Group, NavLink, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChartBar, IconForms, IconKey, IconTableImport, IconUsers } from "@tabler/icons-react";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { useTranslations } from "use-intl";
import { useLocale } from "../i18n/locale.tsx";
import { useMay, useMe } from "../session/me.ts";
import { useSessionExpired } from "../session/session-expiry.ts";
import { PersonMenu } from "./person-menu.tsx";
import classes from "./shell.module.css";

const SignInAgain = lazy(() =>
  import("../sign-in/sign-in-again.tsx").then(({ SignInAgain }) => ({ default: SignInAgain })),
);

const navItems = [
  { to: "/customers", icon: IconUsers, name: "customers" },
  { to: "/imports", icon: IconTableImport, name: "imports" },
  { to: "/fields", icon: IconForms, name: "fields" },
  { to: "/insight", icon: IconChartBar, name: "insight" },
] as const;

/** Layout of all pages: header, navigation and content. */
export function Shell() {
  const t = useTranslations("shell");
  const { pathname } = useLocation();
  const { enterprise, locale } = useMe();
  const { adoptLocale } = useLocale();
  useEffect(() => {
    if (locale !== null) adoptLocale(locale);
  }, [locale, adoptLocale]);
  const isSessionExpired = useSessionExpired();
  const mayAdminister = useMay("ADMIN");
  const [isOpen, { toggle, close }] = useDisclosure();
  const shown = mayAdminister
    ? [...navItems, { to: "/access/people", icon: IconKey, name: "access" } as const]
    : navItems;
  const isCurrent = (to: string) => pathname.startsWith(`/${to.split("/")[1]}`);
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 208, breakpoint: "sm", collapsed: { mobile: !isOpen } }}
      padding={{ base: "sm", sm: "md" }}
      withBorder
    >
      <a className={classes.skip} href="#page">
        {t("skip")}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" className={classes.brand}>
            <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t("menu")} />
            <img src="/icon.svg" alt="" width={24} height={24} />
            <Text fw={650} truncate>
              {enterprise.name}
            </Text>
          </Group>
          <PersonMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t("navigation")}>
        <AppShell.Section grow className={classes.places!}>
          {shown.map(({ to, icon: Icon, name }) => (
            <NavLink
              key={to}
              component={Link}
              to={to}
              label={t(name)}
              leftSection={<Icon size={18} aria-hidden />}
              active={isCurrent(to)}
              {...(isCurrent(to) ? { "aria-current": "page" } : {})}
              onClick={close}
              className={classes.place!}
            />
          ))}
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="page" tabIndex={-1}>
        <Outlet />
      </AppShell.Main>
      {isSessionExpired && (
        <Suspense>
          <SignInAgain />
        </Suspense>
      )}
    </AppShell>
  );
}
