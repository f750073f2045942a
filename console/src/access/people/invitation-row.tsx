import type { Item } from "@clientele/sdk";
import { Badge, Group, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "use-intl";
import { client } from "../../session/client.ts";
import { ConfirmForm } from "../../shell/confirm-form.tsx";
import { DialogButton } from "../../shell/dialog-button.tsx";
import { useLimitText } from "../company-limit.tsx";
import { Row } from "../rows.tsx";

export function InvitationRow({ invitation }: { invitation: Item<"listPeople"> }) {
  const t = useTranslations("access.people");
  const format = useFormatter();
  const limitText = useLimitText();
  const queryClient = useQueryClient();
  const { id, email, role, companyIds, expiresAt } = invitation;
  const withdraw = async () => {
    await client.deleteInvitation({ invitationId: id });
    await queryClient.invalidateQueries({ queryKey: ["people"] });
  };
  return (
    <Row
      buttons={
        <DialogButton
          label={t("revoke")}
          of={email}
          size="compact-sm"
          variant="subtle"
          color="red"
          title={t("revokeTitle", { email })}
        >
          {(close) => (
            <ConfirmForm
              text={t("revokeText")}
              submit={t("revoke")}
              done={t("revoked", { email })}
              action={withdraw}
              close={close}
            />
          )}
        </DialogButton>
      }
    >
      <Group gap="xs">
        <Text fw={600}>{email}</Text>
        <Badge variant="light">{t(`roles.${role}`)}</Badge>
      </Group>
      {companyIds && (
        <Text size="sm" c="dimmed">
          {t("limitedTo", { companies: limitText(companyIds) })}
        </Text>
      )}
      {expiresAt && (
        <Text size="sm" c="dimmed">
          {t("expiresAt", {
            until: format.dateTime(new Date(expiresAt), { dateStyle: "medium", timeStyle: "short" }),
          })}
        </Text>
      )}
    </Row>
  );
}
