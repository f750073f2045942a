import { TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { bodyErrors } from "../../errors/field-errors.ts";
import { client } from "../../session/client.ts";
import { useMe } from "../../session/me.ts";
import { DialogForm } from "../../shell/dialog-form.tsx";
import { type Grant, GrantInputs } from "./grant-inputs.tsx";
import { ShareLink } from "./share-link.tsx";

/** Invites a person and then shows the invitation link. */
export function InviteForm({ close }: { close: () => void }) {
  const t = useTranslations("access.people");
  const queryClient = useQueryClient();
  const [email, setEmail] = useState("");
  const [grant, setGrant] = useState<Grant>({ role: "editor", companyIds: useMe().companyIds });
  const invite = useMutation({
    mutationFn: () =>
      client.invitePerson({ body: { email: email.trim(), role: grant.role, company_ids: grant.companyIds } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["people"] }),
    gcTime: 0,
  });
  if (invite.data) {
    const { link, expiresAt } = invite.data.data;
    return (
      <ShareLink
        text={t("shareInvitation", { email: invite.data.data.email })}
        link={link}
        expiresAt={expiresAt}
        onDone={close}
      />
    );
  }
  return (
    <DialogForm
      submit={t("createLink")}
      isPending={invite.isPending}
      error={invite.error}
      onSubmit={invite.mutate}
      onCancel={close}
    >
      <TextInput
        label={t("email")}
        type="email"
        required
        withAsterisk={false}
        data-autofocus
        autoComplete="off"
        error={"email" in bodyErrors(invite.error) && t("emailInvalid")}
        value={email}
        onChange={({ currentTarget }) => setEmail(currentTarget.value)}
      />
      <GrantInputs grant={grant} onChange={setGrant} />
    </DialogForm>
  );
}
