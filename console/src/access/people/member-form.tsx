import type { Item } from "@clientele/sdk";
import { Alert } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { client } from "../../session/client.ts";
import { useMe } from "../../session/me.ts";
import { DialogForm } from "../../shell/dialog-form.tsx";
import { type Grant, GrantInputs } from "./grant-inputs.tsx";

type Props = { member: Item<"listPeople">; close: () => void };

export function MemberForm({ member, close }: Props) {
  const t = useTranslations("access.people");
  const queryClient = useQueryClient();
  const isMe = useMe().id === member.personId;
  const [grant, setGrant] = useState<Grant>(member);
  const change = useMutation({
    mutationFn: async () => {
      const body = { role: grant.role, company_ids: grant.companyIds };
      await client.updatePerson({ personId: member.personId!, body });
      await queryClient.invalidateQueries({ queryKey: ["people"] });
      if (isMe) await queryClient.invalidateQueries({ queryKey: ["me"] });
    },
    onSuccess: () => {
      close();
      notifications.show({ message: t("updated", { name: member.name }) });
    },
  });
  return (
    <DialogForm
      submit={t("save")}
      isPending={change.isPending}
      error={change.error}
      onSubmit={change.mutate}
      onCancel={close}
    >
      {isMe && <Alert>{t("editingSelf")}</Alert>}
      <GrantInputs grant={grant} onChange={setGrant} />
    </DialogForm>
  );
}
