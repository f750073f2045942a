import { Center, Loader } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "../errors/error-notice.tsx";
import { bodyErrors } from "../errors/field-errors.ts";
import { useLocale } from "../i18n/locale.tsx";
import { hasCode, requestAuth } from "../session/auth-request.ts";
import { chooseEnterprise } from "../session/client.ts";
import { finishSignIn } from "./finish-sign-in.ts";
import { JoinButton } from "./join-button.tsx";
import { linkToken } from "./link-token.ts";
import { NewAccountForm } from "./new-account-form.tsx";
import { SignInFrame } from "./sign-in-frame.tsx";

type LinkInfo = {
  kind: "invitation" | "reset";
  email: string;
  enterprise: { id: string; name: string } | null;
  role: "viewer" | "editor" | "administrator" | null;
  hasAccount: boolean;
  expiresAt: string;
};

/** Opens an invitation or password reset link. */
export function LinkPage() {
  const t = useTranslations("signIn.link");
  const { locale } = useLocale();
  const token = linkToken();
  const link = useQuery({
    queryKey: ["link", token],
    queryFn: () => requestAuth<LinkInfo>(`invitation?token=${encodeURIComponent(token)}`),
    // An accepted link is no longer valid, and the page is about to change.
    staleTime: Number.POSITIVE_INFINITY,
  });
  const accept = useMutation({
    mutationFn: (given: Record<string, string>) => requestAuth("accept", { token, ...given }),
    onSuccess: () => {
      const { enterprise = null } = link.data ?? {};
      if (enterprise === null) finishSignIn("/");
      else chooseEnterprise(enterprise.id);
    },
  });
  if (link.error && !hasCode(link.error, "LINK_INVALID", "REQUEST_INVALID")) {
    return (
      <SignInFrame title={t("loading")}>
        <ErrorNotice error={link.error} onRetry={() => void link.refetch()} />
      </SignInFrame>
    );
  }
  if (link.error || hasCode(accept.error, "LINK_INVALID"))
    return <SignInFrame title={t("invalid.title")} text={t("invalid.text")} />;
  if (link.data === undefined) {
    return (
      <Center component="main" mih="100%">
        <Loader role="status" aria-label={t("loading")} />
      </Center>
    );
  }
  const { kind, email, enterprise, role, hasAccount } = link.data;
  const isReset = kind === "reset";
  const title = isReset ? t("reset.title") : t("invitation.title", { name: enterprise?.name ?? "" });
  const text = isReset ? t("reset.text") : t("invitation.text", { role: role ?? "viewer" });
  if (hasAccount && !isReset) {
    return (
      <SignInFrame title={title} text={text}>
        <JoinButton
          email={email}
          error={accept.error}
          isPending={accept.isPending}
          onJoin={() => accept.mutate({})}
        />
      </SignInFrame>
    );
  }
  return (
    <SignInFrame title={title} text={text}>
      {accept.error && <ErrorNotice error={accept.error} />}
      <NewAccountForm
        asks={{ name: !isReset, email: false }}
        email={email}
        submit={isReset ? t("reset.submit") : t("invitation.submit")}
        isPending={accept.isPending}
        fieldErrors={bodyErrors(accept.error)}
        onSubmit={({ name, password }) => accept.mutate(isReset ? { password } : { name, password, locale })}
      />
    </SignInFrame>
  );
}
