import type { Item } from "@clientele/sdk";
import { Badge, Code, Group, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "use-intl";
import { client } from "../../session/client.ts";
import { ConfirmForm } from "../../shell/confirm-form.tsx";
import { DialogButton } from "../../shell/dialog-button.tsx";
import { useLimitText } from "../company-limit.tsx";
import { Row } from "../rows.tsx";
import { AppForm } from "./app-form.tsx";
import { RotateForm } from "./rotate-form.tsx";

type App = Item<"listApps">;

/** An app. Revoked apps have no buttons: revoking is final. */
export function AppRow({ app, requests }: { app: App; requests?: number | undefined }) {
  const t = useTranslations("access.apps");
  const format = useFormatter();
  const limitText = useLimitText();
  const { name, id, scopes, companyIds, revokedAt, lastUsedAt, secretVersion } = app;
  const when = (at: string) => format.dateTime(new Date(at), { dateStyle: "medium", timeStyle: "short" });
  const details = [
    revokedAt && t("revokedAt", { at: when(revokedAt) }),
    lastUsedAt ? t("lastUsed", { at: when(lastUsedAt) }) : t("neverUsed"),
    requests !== undefined && t("requests", { count: requests }),
    secretVersion > 1 && app.rotatedAt && t("rotatedAt", { at: when(app.rotatedAt) }),
    companyIds && t("limitedTo", { companies: limitText(companyIds) }),
  ].filter((detail) => typeof detail === "string");
  return (
    <Row buttons={revokedAt === null && <Buttons app={app} />}>
      <Group gap="xs">
        <Text fw={600}>{name}</Text>
        {scopes.map((scope) => (
          <Badge key={scope} variant="light" color={scope === "ADMIN" ? "orange" : "lagoon"}>
            {t(`scopes.${scope}`)}
          </Badge>
        ))}
      </Group>
      <Code>{id}</Code>
      {details.map((detail) => (
        <Text key={detail} size="sm" c="dimmed">
          {detail}
        </Text>
      ))}
    </Row>
  );
}

function Buttons({ app }: { app: App }) {
  const t = useTranslations("access.apps");
  const queryClient = useQueryClient();
  const { id, name } = app;
  const revoke = async () => {
    await client.revokeApp({ appId: id });
    await queryClient.invalidateQueries({ queryKey: ["apps"] });
  };
  const buttonProps = { of: name, size: "compact-sm", variant: "subtle" } as const;
  return (
    <>
      <DialogButton label={t("edit")} title={t("editTitle", { name })} {...buttonProps}>
        {(close) => <AppForm app={app} close={close} />}
      </DialogButton>
      <DialogButton label={t("rotate")} title={t("rotateTitle", { name })} dialogSize="lg" {...buttonProps}>
        {(close) => <RotateForm app={app} close={close} />}
      </DialogButton>
      <DialogButton label={t("revoke")} title={t("revokeTitle", { name })} color="red" {...buttonProps}>
        {(close) => (
          <ConfirmForm
            text={t("revokeText")}
            submit={t("revoke")}
            done={t("revoked", { name })}
            action={revoke}
            close={close}
          />
        )}
      </DialogButton>
    </>
  );
}
