import { Alert, Button, Group, Stack } from "@mantine/core";
import { IconEyeOff } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { CopyField } from "../copy-field.tsx";

type Props = { app: { id: string; secret: string }; onDone: () => void };

/** Ids and secrets contain no single quotes, so the shell passes the JSON on unchanged. */
const curlOf = (appid: string, appsecret: string): string =>
  `curl -X POST ${location.origin}/v1/auth/token -H 'content-type: application/json' -d '${JSON.stringify({ appid, appsecret })}'`;

/** Shows the credentials of an app once. */
export function AppSecret({ app, onDone }: Props) {
  const t = useTranslations("access.apps");
  return (
    <Stack>
      <Alert color="yellow" icon={<IconEyeOff aria-hidden />} role="status">
        {t("secretHint")}
      </Alert>
      <CopyField label={t("id")} value={app.id} />
      <CopyField label={t("secret")} value={app.secret} />
      <CopyField label={t("curl")} description={t("curlHint")} value={curlOf(app.id, app.secret)} />
      <Group justify="flex-end">
        <Button onClick={onDone}>{t("secretSaved")}</Button>
      </Group>
    </Stack>
  );
}
