import { Anchor, Button, Modal, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "../errors/error-notice.tsx";
import { requestAuth } from "../session/auth-request.ts";
import { useMe } from "../session/me.ts";
import { resumeSession } from "../session/session-expiry.ts";
import { signedInPerson } from "../session/signed-in-person.ts";
import { methodsQuery } from "./methods-query.ts";

// Escape pressed in this dialog must not close a dialog below it.
const keepsEscape = { "data-mantine-stop-propagation": true };

/** Covers the page when the session has expired; signing in continues where the person left off. */
export function SignInAgain() {
  const t = useTranslations("signIn");
  const { id, email } = useMe();
  const [password, setPassword] = useState("");
  const methods = useQuery(methodsQuery);
  const signIn = useMutation({
    mutationFn: () => requestAuth("sign-in/email", { email, password }),
    onSuccess: resumeSession,
  });
  // The person may have signed in from another tab, with the same or another account.
  useWindowEvent("focus", () => {
    void signedInPerson().then((personId) => {
      if (personId === id) resumeSession();
      else if (personId !== null) location.reload();
    });
  });
  const here = `${location.pathname}${location.search}`;
  return (
    <Modal
      opened
      onClose={() => undefined}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
      zIndex={1000}
      title={t("again.title")}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate();
        }}
      >
        <Stack>
          <Text size="sm">{t("again.text")}</Text>
          {signIn.error && <ErrorNotice error={signIn.error} />}
          <TextInput
            label={t("email")}
            type="email"
            autoComplete="username"
            readOnly
            value={email ?? ""}
            {...keepsEscape}
          />
          <PasswordInput
            label={t("password")}
            autoComplete="current-password"
            required
            withAsterisk={false}
            data-autofocus
            value={password}
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
            visibilityToggleButtonProps={{ "aria-label": t("showPassword") }}
            {...keepsEscape}
          />
          <Button type="submit" loading={signIn.isPending} {...keepsEscape}>
            {t("submit")}
          </Button>
          {methods.data?.oidc && (
            <Anchor href="/sign-in" target="_blank" size="sm" {...keepsEscape}>
              {t("again.otherTab", { name: methods.data.oidc.name })}
            </Anchor>
          )}
          <Anchor href={`/sign-in?to=${encodeURIComponent(here)}`} size="sm" {...keepsEscape}>
            {t("again.otherAccount")}
          </Anchor>
        </Stack>
      </form>
    </Modal>
  );
}
