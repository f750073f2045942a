import type { Item } from "@clientele/sdk";
import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "../../errors/error-notice.tsx";
import { client } from "../../session/client.ts";
import { ConfirmForm } from "../../shell/confirm-form.tsx";
import { DialogButton } from "../../shell/dialog-button.tsx";
import { DialogForm } from "../../shell/dialog-form.tsx";
import { WebhookForm } from "./webhook-form.tsx";
import { WebhookSecret } from "./webhook-secret.tsx";

type Props = { webhook: Item<"listWebhooks"> };

export function WebhookButtons({ webhook }: Props) {
  const t = useTranslations("access.webhooks");
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const { id: webhookId, stopReason } = webhook;
  const reload = () => queryClient.invalidateQueries({ queryKey: ["webhooks"] });
  const test = useMutation({
    mutationFn: () => client.testWebhook({ webhookId }),
    onSuccess: async () => {
      await reload();
      notifications.show({ message: t("testSent") });
    },
  });
  const isStopped = stopReason !== null;
  const pause = useMutation({
    mutationFn: () => client.updateWebhook({ webhookId, body: { is_paused: !isStopped } }),
    onSuccess: reload,
  });
  const remove = async () => {
    await client.deleteWebhook({ webhookId });
    await navigate({ to: "/access/webhooks" });
    await queryClient.invalidateQueries({ queryKey: ["webhooks"], exact: true });
  };
  const buttonProps = { size: "compact-sm", variant: "default" } as const;
  const failure = test.error ?? pause.error;
  return (
    <>
      <Group gap="xs">
        <Button {...buttonProps} loading={test.isPending} onClick={() => test.mutate()}>
          {t("test")}
        </Button>
        <Button {...buttonProps} loading={pause.isPending} onClick={() => pause.mutate()}>
          {isStopped ? t("resume") : t("pause")}
        </Button>
        <DialogButton label={t("edit")} title={t("editTitle")} dialogSize="lg" {...buttonProps}>
          {(close) => <WebhookForm webhook={webhook} close={close} />}
        </DialogButton>
        <DialogButton label={t("rotate")} title={t("rotateTitle")} dialogSize="lg" {...buttonProps}>
          {(close) => <RotateForm webhook={webhook} close={close} />}
        </DialogButton>
        <DialogButton
          label={t("delete")}
          title={t("deleteTitle")}
          size="compact-sm"
          variant="subtle"
          color="red"
        >
          {(close) => (
            <ConfirmForm
              text={t("deleteText")}
              submit={t("delete")}
              done={t("deleted")}
              action={remove}
              close={close}
            />
          )}
        </DialogButton>
      </Group>
      {failure && <ErrorNotice error={failure} />}
    </>
  );
}

function RotateForm({ webhook: { id: webhookId }, close }: Props & { close: () => void }) {
  const t = useTranslations("access.webhooks");
  const queryClient = useQueryClient();
  const rotate = useMutation({
    mutationFn: async () => (await client.rotateWebhookSecret({ webhookId })).data,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["webhooks"] }),
    gcTime: 0,
  });
  if (rotate.data) return <WebhookSecret text={t("rotated")} secret={rotate.data.secret} onDone={close} />;
  return (
    <DialogForm
      submit={t("rotateSubmit")}
      isPending={rotate.isPending}
      error={rotate.error}
      onSubmit={rotate.mutate}
      onCancel={close}
    >
      <Text size="sm">{t("rotateText")}</Text>
    </DialogForm>
  );
}
