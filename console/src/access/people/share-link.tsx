import { Button, Group, Stack, Text } from "@mantine/core";
import { useFormatter, useTranslations } from "use-intl";
import { CopyField } from "../copy-field.tsx";

type Props = { text: string; link: string; expiresAt: string | null; onDone: () => void };

/** A link to send to somebody. Relative links are resolved against the console's own origin. */
export function ShareLink({ text, link, expiresAt, onDone }: Props) {
  const t = useTranslations("access.people");
  const format = useFormatter();
  const until =
    expiresAt && format.dateTime(new Date(expiresAt), { dateStyle: "medium", timeStyle: "short" });
  return (
    <Stack>
      <Text size="sm" role="status">
        {text}
      </Text>
      <CopyField
        label={t("link")}
        {...(until ? { description: t("expiresAt", { until }) } : {})}
        value={new URL(link, location.origin).href}
      />
      <Group justify="flex-end">
        <Button onClick={onDone}>{t("done")}</Button>
      </Group>
    </Stack>
  );
}
