import { Button, Code, Group, Stack, Text, Title } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { useMay } from "../../session/me.ts";
import { LinkButton } from "../../shell/link-button.tsx";

export function EmptyCustomers() {
  const t = useTranslations("customers.table.empty");
  const mayWrite = useMay("WRITE");
  return (
    <Stack align="flex-start" py="xl" maw={560}>
      <Title order={2}>{t("title")}</Title>
      <Text>{t(mayWrite ? "text" : "textReadOnly")}</Text>
      {mayWrite && (
        <>
          <Group>
            <LinkButton to="/imports/new">{t("import")}</LinkButton>
            <LinkButton
              to="/customers/new"
              variant="default"
              leftSection={<IconUserPlus size={16} aria-hidden />}
            >
              {t("create")}
            </LinkButton>
          </Group>
          <Text size="sm" c="dimmed">
            {t.rich("demo", { code: () => <Code>npx clientele demo</Code> })}
          </Text>
        </>
      )}
    </Stack>
  );
}

export function NothingFound({ onClear }: { onClear: () => void }) {
  const t = useTranslations("customers.table.noResults");
  return (
    <Stack align="flex-start" py="xl">
      <Title order={2}>{t("title")}</Title>
      <Text>{t("text")}</Text>
      <Button variant="default" onClick={onClear}>
        {t("clear")}
      </Button>
    </Stack>
  );
}
