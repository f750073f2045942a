import type { Item } from "@clientele/sdk";
import { TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { hasCode } from "../../session/auth-request.ts";
import { client } from "../../session/client.ts";
import { DialogForm } from "../../shell/dialog-form.tsx";

type Props = { company?: Item<"listCompanies">; close: () => void };

/** Creates or edits a branch. */
export function CompanyForm({ company, close }: Props) {
  const t = useTranslations("access.companies");
  const queryClient = useQueryClient();
  const [name, setName] = useState(company?.name ?? "");
  const [externalId, setExternalId] = useState(company?.externalId ?? "");
  const save = useMutation({
    mutationFn: async () => {
      const body = { name: name.trim(), external_id: externalId.trim() || null };
      if (company) await client.updateCompany({ companyId: company.id, body });
      else await client.createCompany({ body });
      await queryClient.invalidateQueries({ queryKey: ["companies"] });
    },
    onSuccess: () => {
      close();
      notifications.show({ message: t("saved", { name: name.trim() }) });
    },
  });
  const isNameTaken = hasCode(save.error, "NAME_TAKEN");
  const isExternalIdRefused = hasCode(save.error, "EXTERNAL_ID_TAKEN", "EXTERNAL_ID_INVALID");
  return (
    <DialogForm
      submit={t(company ? "save" : "create")}
      isPending={save.isPending}
      error={isNameTaken || isExternalIdRefused ? null : save.error}
      onSubmit={save.mutate}
      onCancel={close}
    >
      <TextInput
        label={t("name")}
        required
        withAsterisk={false}
        data-autofocus
        maxLength={200}
        error={isNameTaken && t("nameTaken")}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <TextInput
        label={t("externalId")}
        description={t("externalIdHint")}
        maxLength={255}
        error={isExternalIdRefused && t("externalIdInvalid")}
        value={externalId}
        onChange={({ currentTarget }) => setExternalId(currentTarget.value)}
      />
    </DialogForm>
  );
}
