import { ActionIcon, Avatar, Menu, Text, useMantineColorScheme } from "@mantine/core";
import {
  IconBuilding,
  IconDeviceDesktop,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconSun,
  IconUserCircle,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { locales } from "../i18n/loaded-messages.ts";
import { useLocale } from "../i18n/locale.tsx";
import { chooseEnterprise } from "../session/client.ts";
import { useMe } from "../session/me.ts";
import { signOut } from "../session/sign-out.ts";

const schemes = [
  { scheme: "auto", icon: IconDeviceDesktop },
  { scheme: "light", icon: IconSun },
  { scheme: "dark", icon: IconMoon },
] as const;

/** Account, enterprise, language, appearance and sign-out. */
export function PersonMenu() {
  const t = useTranslations("shell.person");
  const { name, email, enterprise, enterprises } = useMe();
  const { locale, setLocale } = useLocale();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const others = enterprises.filter(({ id }) => id !== enterprise.id);
  return (
    <Menu position="bottom-end" width={240} trapFocus>
      <Menu.Target>
        <ActionIcon variant="subtle" radius="xl" size={36} aria-label={t("menu", { name })}>
          <Avatar size={32} radius="xl" color="lagoon" name={name} variant="filled" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} truncate>
            {name}
          </Text>
          <Text size="xs" truncate>
            {email}
          </Text>
        </Menu.Label>
        <Menu.Item leftSection={<IconUserCircle size={16} aria-hidden />} component={Link} to="/account">
          {t("account")}
        </Menu.Item>
        {others.length > 0 && <Menu.Label>{t("otherEnterprises")}</Menu.Label>}
        {others.map(({ id, name: itsName }) => (
          <Menu.Item
            key={id}
            leftSection={<IconBuilding size={16} aria-hidden />}
            onClick={() => chooseEnterprise(id)}
          >
            {itsName}
          </Menu.Item>
        ))}
        <Menu.Label>{t("language")}</Menu.Label>
        {locales.map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            leftSection={<IconLanguage size={16} aria-hidden />}
            aria-current={language === locale}
            fw={language === locale ? 650 : undefined}
            onClick={() => setLocale(language)}
          >
            {t(`locales.${language}`)}
          </Menu.Item>
        ))}
        <Menu.Label>{t("appearance")}</Menu.Label>
        {schemes.map(({ scheme, icon: Icon }) => (
          <Menu.Item
            key={scheme}
            leftSection={<Icon size={16} aria-hidden />}
            aria-current={scheme === colorScheme}
            fw={scheme === colorScheme ? 650 : undefined}
            onClick={() => setColorScheme(scheme)}
          >
            {t(`schemes.${scheme}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void signOut()}>
          {t("signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
