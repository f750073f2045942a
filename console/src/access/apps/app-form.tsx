import type { Item } from "@clientele/sdk";
import { Checkbox, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { client } from "../../session/client.ts";
import { useMe } from "../../session/me.ts";
import { DialogForm } from "../../shell/dialog-form.tsx";
import { CompanyLimit } from "../company-limit.tsx";
import { AppSecret } from "./app-secret.tsx";

type App = Item<"listApps">;

const scopes = ["READ", "WRITE", "DELETE", "ADMIN"] as const;

/** Creates an app and shows its secret, or edits an app. */
export function AppForm({ app, close }: { app?: App; close: () => void }) {
  const t = useTranslations("access.apps");
  const queryClient = useQueryClient();
  const { companyIds } = useMe();
  const [draft, setDraft] = useState<Pick<App, "name" | "scopes" | "companyIds">>(
    app ?? { name: "", scopes: ["READ", "WRITE", "DELETE"], companyIds },
  );
  const save = useMutation({
    mutationFn: async () => {
      const body = { name: draft.name.trim(), scopes: draft.scopes, company_ids: draft.companyIds };
      const created = app ? null : (await client.createApp({ body })).data;
      if (app) await client.updateApp({ appId: app.id, body });
      await queryClient.invalidateQueries({ queryKey: ["apps"] });
      return created;
    },
    onSuccess: (created) => {
      if (created === null) close();
    },
    gcTime: 0,
  });
  if (save.data) return <AppSecret app={save.data} onDone={close} />;
  return (
    <DialogForm
      submit={t(app ? "save" : "create")}
      isPending={save.isPending}
      error={save.error}
      onSubmit={save.mutate}
      onCancel={close}
    >
      <TextInput
        label={t("name")}
        description={t("nameHint")}
        required
        withAsterisk={false}
        data-autofocus
        maxLength={200}
        value={draft.name}
        onChange={({ currentTarget: { value } }) => setDraft((before) => ({ ...before, name: value }))}
      />
      <Checkbox.Group
        label={t("scopesLabel")}
        value={draft.scopes}
        onChange={(chosen) =>
          setDraft((before) => ({ ...before, scopes: scopes.filter((scope) => chosen.includes(scope)) }))
        }
        error={draft.scopes.length === 0 && t("scopeRequired")}
      >
        <Stack gap="xs" mt="xs">
          {scopes.map((scope) => (
            <Checkbox
              key={scope}
              value={scope}
              label={t(`scopes.${scope}`)}
              description={t(`scopeDescriptions.${scope}`)}
            />
          ))}
        </Stack>
      </Checkbox.Group>
      <CompanyLimit
        label={t("companies")}
        description={t("companiesHint")}
        value={draft.companyIds}
        onChange={(limit) => setDraft((before) => ({ ...before, companyIds: limit && [...limit] }))}
      />
    </DialogForm>
  );
}
