import { Center, Group, NativeSelect, Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { type Locale, locales } from "../i18n/loaded-messages.ts";
import { useLocale } from "../i18n/locale.tsx";
import { PageTitle } from "../shell/page-title.tsx";

/** Layout of the pages before sign-in. */
export function SignInFrame({
  title,
  text,
  children,
}: {
  title: string;
  text?: string;
  children?: ReactNode;
}) {
  const t = useTranslations("signIn");
  const { locale, setLocale } = useLocale();
  return (
    <Center mih="100%" p="md" component="main">
      <PageTitle title={title} />
      <Stack w="100%" maw={400} gap="lg">
        <Group gap="sm" justify="center">
          <img src="/icon.svg" alt="" width={32} height={32} />
          <Text fw={650} size="lg">
            Clientele
          </Text>
        </Group>
        <Paper withBorder p="lg" shadow="sm">
          <Stack>
            <Title order={1}>{title}</Title>
            {text && <Text c="dimmed">{text}</Text>}
            {children}
          </Stack>
        </Paper>
        <NativeSelect
          aria-label={t("language")}
          variant="unstyled"
          size="xs"
          w="fit-content"
          mx="auto"
          value={locale}
          data={locales.map((language) => ({ value: language, label: t(`locales.${language}`) }))}
          onChange={({ currentTarget }) => setLocale(currentTarget.value as Locale)}
        />
      </Stack>
    </Center>
  );
}
