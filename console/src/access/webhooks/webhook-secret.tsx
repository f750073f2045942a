import { Alert, Button, Group, Stack } from "@mantine/core";
import { IconEyeOff } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { CopyField } from "../copy-field.tsx";

type Props = { text: string; secret: string; onDone: () => void };

/** Shows the signing secret once. */
export function WebhookSecret({ text, secret, onDone }: Props) {
  const t = useTranslations("access.webhooks");
  return (
    <Stack>
      <Alert color="yellow" icon={<IconEyeOff aria-hidden />} role="status">
        {text}
      </Alert>
      <CopyField label={t("secret")} value={secret} />
      <Group justify="flex-end">
        <Button onClick={onDone}>{t("secretSaved")}</Button>
      </Group>
    </Stack>
  );
}
