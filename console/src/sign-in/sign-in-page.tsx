import { Button, Divider, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "../errors/error-notice.tsx";
import { requestAuth, signInError } from "../session/auth-request.ts";
import { finishSignIn } from "./finish-sign-in.ts";
import { methodsQuery } from "./methods-query.ts";
import { SignInFrame } from "./sign-in-frame.tsx";

const route = getRouteApi("/sign-in");

export function SignInPage() {
  const t = useTranslations("signIn");
  const { to, error } = route.useSearch();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const methods = useQuery(methodsQuery);
  const byPassword = useMutation({
    mutationFn: () => requestAuth("sign-in/email", { email, password }),
    onSuccess: () => finishSignIn(to),
  });
  const elsewhere = useMutation({
    mutationFn: () => requestAuth<{ url: string }>("sign-in/oidc", to === undefined ? {} : { returnTo: to }),
    onSuccess: ({ url }) => location.assign(url),
  });
  const failure = byPassword.error ?? elsewhere.error ?? (error === undefined ? null : signInError(error));
  if (methods.data?.needsSetUp) {
    return <SignInFrame title={t("needsSetUp.title")} text={t("needsSetUp.text")} />;
  }
  return (
    <SignInFrame title={t("title")}>
      {methods.error && <ErrorNotice error={methods.error} onRetry={() => void methods.refetch()} />}
      {failure && <ErrorNotice error={failure} />}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          byPassword.mutate();
        }}
      >
        <Stack>
          <TextInput
            label={t("email")}
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            autoFocus
            value={email}
            onChange={({ currentTarget }) => setEmail(currentTarget.value)}
          />
          <PasswordInput
            label={t("password")}
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
            visibilityToggleButtonProps={{ "aria-label": t("showPassword") }}
          />
          <Button type="submit" loading={byPassword.isPending}>
            {t("submit")}
          </Button>
        </Stack>
      </form>
      {methods.data?.oidc && (
        <>
          <Divider label={t("or")} />
          <Button variant="default" loading={elsewhere.isPending} onClick={() => elsewhere.mutate()}>
            {t("with", { name: methods.data.oidc.name })}
          </Button>
        </>
      )}
      <Text size="sm" c="dimmed">
        {t("forgotPassword")}
      </Text>
    </SignInFrame>
  );
}
