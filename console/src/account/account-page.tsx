import { Divider, Stack } from "@mantine/core";
import { useTranslations } from "use-intl";
import { PageHeader } from "../shell/page-header.tsx";
import { PasswordForm } from "./password-form.tsx";
import { ProfileForm } from "./profile-form.tsx";
import { Sessions } from "./sessions.tsx";

export function AccountPage() {
  const t = useTranslations("account");
  return (
    <Stack maw={560} gap="lg">
      <PageHeader title={t("title")} />
      <ProfileForm />
      <Divider />
      <PasswordForm />
      <Divider />
      <Sessions />
    </Stack>
  );
}
