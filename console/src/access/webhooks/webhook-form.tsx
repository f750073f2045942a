import type { Item } from "@clientele/sdk";
import { MultiSelect, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useFieldErrorText } from "../../errors/field-error-text.ts";
import { bodyErrors } from "../../errors/field-errors.ts";
import { client } from "../../session/client.ts";
import { DialogForm } from "../../shell/dialog-form.tsx";
import { CompanyLimit } from "../company-limit.tsx";
import { allEventTypes, eventTypeGroups } from "./event-types.ts";
import { WebhookSecret } from "./webhook-secret.tsx";

type Webhook = Item<"listWebhooks">;

/** Creates a webhook and shows its secret, or edits a webhook. */
export function WebhookForm({ webhook, close }: { webhook?: Webhook; close: () => void }) {
  const t = useTranslations("access.webhooks");
  const fieldErrorText = useFieldErrorText();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState<Pick<Webhook, "url" | "description" | "kinds" | "companyIds">>(
    webhook ?? { url: "https://", description: "", kinds: allEventTypes, companyIds: null },
  );
  const set = (part: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...part }));
  const save = useMutation({
    mutationFn: async () => {
      const { url, description, kinds, companyIds } = draft;
      const body = { url: url.trim(), description, kinds, company_ids: companyIds };
      const created = webhook ? null : (await client.createWebhook({ body })).data;
      if (webhook) await client.updateWebhook({ webhookId: webhook.id, body });
      await queryClient.invalidateQueries({ queryKey: ["webhooks"] });
      return created;
    },
    onSuccess: (created) => {
      if (created === null) close();
    },
    gcTime: 0,
  });
  if (save.data) return <WebhookSecret text={t("secretHint")} secret={save.data.secret} onDone={close} />;
  const fieldError = bodyErrors(save.error)["url"];
  const chosenKinds = draft.kinds.filter((kind) => kind !== "*");
  return (
    <DialogForm
      submit={t(webhook ? "save" : "create")}
      isPending={save.isPending}
      error={fieldError === undefined ? save.error : null}
      onSubmit={save.mutate}
      onCancel={close}
    >
      <TextInput
        label={t("url")}
        description={t("urlHint")}
        type="url"
        required
        withAsterisk={false}
        data-autofocus
        error={fieldError && fieldErrorText(fieldError)}
        value={draft.url}
        onChange={({ currentTarget }) => set({ url: currentTarget.value })}
      />
      <TextInput
        label={t("description")}
        maxLength={500}
        value={draft.description}
        onChange={({ currentTarget }) => set({ description: currentTarget.value })}
      />
      <MultiSelect
        label={t("events")}
        description={t("eventsHint")}
        placeholder={chosenKinds.length === 0 ? t("allEvents") : ""}
        data={eventTypeGroups.map(({ subject, kinds }) => ({
          group: t(`subjects.${subject}`),
          items: kinds,
        }))}
        value={chosenKinds}
        onChange={(kinds) => set({ kinds: kinds.length === 0 ? allEventTypes : (kinds as Webhook["kinds"]) })}
        searchable
        clearable
        clearButtonProps={{ "aria-label": t("allEvents"), tabIndex: 0 }}
        hidePickedOptions
      />
      <CompanyLimit
        label={t("companies")}
        description={t("companiesHint")}
        value={draft.companyIds}
        onChange={(limit) => set({ companyIds: limit && [...limit] })}
      />
    </DialogForm>
  );
}
