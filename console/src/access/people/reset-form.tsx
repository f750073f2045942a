import type { Item } from "@clientele/sdk";
import { Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { client } from "../../session/client.ts";
import { DialogForm } from "../../shell/dialog-form.tsx";
import { ShareLink } from "./share-link.tsx";

type Props = { member: Item<"listPeople">; close: () => void };

/** Creates a password reset link for a member. */
export function ResetForm({ member, close }: Props) {
  const t = useTranslations("access.people");
  const reset = useMutation({
    mutationFn: () => client.resetPassword({ personId: member.personId! }),
    gcTime: 0,
  });
  if (reset.data) {
    return (
      <ShareLink text={t("shareResetLink", { name: member.name })} {...reset.data.data} onDone={close} />
    );
  }
  return (
    <DialogForm
      submit={t("createLink")}
      isPending={reset.isPending}
      error={reset.error}
      onSubmit={reset.mutate}
      onCancel={close}
    >
      <Text size="sm">{t("resetText", { name: member.name })}</Text>
    </DialogForm>
  );
}
