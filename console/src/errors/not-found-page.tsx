import { Container, Stack, Text, Title } from "@mantine/core";
import { useTranslations } from "use-intl";
import { LinkButton } from "../shell/link-button.tsx";
import { PageTitle } from "../shell/page-title.tsx";

export function NotFoundPage() {
  const t = useTranslations("errors.notFound");
  return (
    <Container size="sm" py="xl">
      <PageTitle title={t("title")} />
      <Stack align="flex-start">
        <Title>{t("title")}</Title>
        <Text>{t("text")}</Text>
        <LinkButton to="/customers">{t("toCustomers")}</LinkButton>
      </Stack>
    </Container>
  );
}
