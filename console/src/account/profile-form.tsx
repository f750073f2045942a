import { Button, Group, NativeSelect, Stack, TextInput, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "../errors/error-notice.tsx";
import { type Locale, locales } from "../i18n/loaded-messages.ts";
import { useLocale } from "../i18n/locale.tsx";
import { client } from "../session/client.ts";
import { useMe } from "../session/me.ts";

/** Name and language. Saving sets this browser's language too; other browsers keep their own choice. */
export function ProfileForm() {
  const t = useTranslations("account.profile");
  const me = useMe();
  const { locale: shown, setLocale } = useLocale();
  const queryClient = useQueryClient();
  const [name, setName] = useState(me.name);
  const [locale, setLocaleDraft] = useState<Locale>(shown);
  const save = useMutation({
    mutationFn: async () => {
      await client.updateMe({ body: { name: name.trim(), locale } });
      await queryClient.invalidateQueries({ queryKey: ["me"] });
    },
    onSuccess: () => {
      setLocale(locale);
      notifications.show({ message: t("saved") });
    },
  });
  return (
    <form
      aria-labelledby="profile"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack gap="sm">
        <Title order={2} id="profile">
          {t("title")}
        </Title>
        <TextInput
          label={t("name")}
          autoComplete="name"
          required
          withAsterisk={false}
          maxLength={200}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <TextInput label={t("email")} description={t("emailHint")} readOnly value={me.email ?? ""} />
        <NativeSelect
          label={t("language")}
          value={locale}
          data={locales.map((language) => ({ value: language, label: t(`locales.${language}`) }))}
          onChange={({ currentTarget }) => setLocaleDraft(currentTarget.value as Locale)}
        />
        {save.error && <ErrorNotice error={save.error} />}
        <Group>
          <Button type="submit" loading={save.isPending}>
            {t("save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
