import { Button, Group, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "../errors/error-notice.tsx";
import { bodyErrors } from "../errors/field-errors.ts";
import { hasCode } from "../session/auth-request.ts";
import { useMe } from "../session/me.ts";
import { requestAsPerson } from "../session/person-request.ts";
import { NewPasswordInput } from "../sign-in/new-password-input.tsx";

/** Changes the password, which ends all other sessions. */
export function PasswordForm() {
  const t = useTranslations("account.password");
  const { email } = useMe();
  const queryClient = useQueryClient();
  const [currentPassword, setCurrent] = useState("");
  const [newPassword, setNew] = useState("");
  const change = useMutation({
    mutationFn: () => requestAsPerson("change-password", { currentPassword, newPassword }),
    onSuccess: async () => {
      setCurrent("");
      setNew("");
      notifications.show({ message: t("changed") });
      await queryClient.invalidateQueries({ queryKey: ["sessions"] });
    },
  });
  const isWrong = hasCode(change.error, "PASSWORD_WRONG");
  return (
    <form
      aria-labelledby="password"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate();
      }}
    >
      <Stack gap="sm">
        <Title order={2} id="password">
          {t("title")}
        </Title>
        <Text size="sm" c="dimmed">
          {t("description")}
        </Text>
        {/* Tells password managers which account the password belongs to. */}
        <input type="hidden" name="username" autoComplete="username" value={email ?? ""} readOnly />
        <PasswordInput
          label={t("current")}
          autoComplete="current-password"
          required
          withAsterisk={false}
          error={isWrong && t("wrong")}
          value={currentPassword}
          onChange={({ currentTarget }) => setCurrent(currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": t("showCurrent") }}
        />
        <NewPasswordInput
          hasErrors={"newPassword" in bodyErrors(change.error)}
          value={newPassword}
          onChange={setNew}
        />
        {change.error && !isWrong && <ErrorNotice error={change.error} />}
        <Group>
          <Button type="submit" loading={change.isPending}>
            {t("submit")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
