import type { Item } from "@clientele/sdk";
import { Badge, Group, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { client } from "../../session/client.ts";
import { useMe } from "../../session/me.ts";
import { ConfirmForm } from "../../shell/confirm-form.tsx";
import { DialogButton } from "../../shell/dialog-button.tsx";
import { useLimitText } from "../company-limit.tsx";
import { Row } from "../rows.tsx";
import { MemberForm } from "./member-form.tsx";
import { ResetForm } from "./reset-form.tsx";

type Props = { member: Item<"listPeople">; isLastAdministrator: boolean };

export function MemberRow({ member, isLastAdministrator }: Props) {
  const t = useTranslations("access.people");
  const { name, email, role, companyIds, personId } = member;
  const limitText = useLimitText();
  const queryClient = useQueryClient();
  const isMe = useMe().id === personId;
  const remove = async () => {
    await client.removePerson({ personId: personId! });
    await queryClient.invalidateQueries({ queryKey: ["people"] });
  };
  const buttonProps = { of: name, size: "compact-sm", variant: "subtle" } as const;
  return (
    <Row
      buttons={
        <>
          {!isLastAdministrator && (
            <DialogButton label={t("edit")} title={t("editTitle", { name })} {...buttonProps}>
              {(close) => <MemberForm member={member} close={close} />}
            </DialogButton>
          )}
          {!isMe && (
            <DialogButton label={t("resetPassword")} title={t("resetTitle")} {...buttonProps}>
              {(close) => <ResetForm member={member} close={close} />}
            </DialogButton>
          )}
          {!isLastAdministrator && !isMe && (
            <DialogButton label={t("remove")} title={t("removeTitle", { name })} color="red" {...buttonProps}>
              {(close) => (
                <ConfirmForm
                  text={t("removeText")}
                  submit={t("remove")}
                  done={t("removed", { name })}
                  action={remove}
                  close={close}
                />
              )}
            </DialogButton>
          )}
        </>
      }
    >
      <Group gap="xs">
        <Text fw={600}>{name}</Text>
        <Badge variant="light">{t(`roles.${role}`)}</Badge>
        {isMe && (
          <Badge variant="outline" color="gray">
            {t("you")}
          </Badge>
        )}
      </Group>
      <Text size="sm" c="dimmed">
        {email}
      </Text>
      {companyIds && (
        <Text size="sm" c="dimmed">
          {t("limitedTo", { companies: limitText(companyIds) })}
        </Text>
      )}
      {isLastAdministrator && (
        <Text size="sm" c="dimmed">
          {t("lastAdministrator")}
        </Text>
      )}
    </Row>
  );
}
