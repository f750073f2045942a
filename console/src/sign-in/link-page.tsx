import { Button, Loader } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "../errors/error-notice.tsx";
import { faultsOf } from "../errors/faults.ts";
import { useLocale } from "../i18n/locale.tsx";
import { isSignedOut } from "../session/me.ts";
import { askSignIn } from "../session/sign-in-service.ts";
import { LinkButton } from "../shell/link-button.tsx";
import { enter } from "./enter.ts";
import { Frame } from "./frame.tsx";
import { NewAccountForm } from "./new-account-form.tsx";
import { tokenOfAddress } from "./token-of-address.ts";

type Told = {
  kind: "invitation" | "reset";
  email: string;
  enterprise: { id: string; name: string } | null;
  role: "viewer" | "editor" | "administrator" | null;
  hasAccount: boolean;
  expiresAt: string;
};

/** Who opens a link that somebody has passed on: an invitation, or a new password. */
export function LinkPage() {
  const t = useTranslations("signIn.link");
  const { locale } = useLocale();
  const token = tokenOfAddress();
  const told = useQuery({
    queryKey: ["link", token],
    queryFn: () => askSignIn<Told>(`invitation?token=${encodeURIComponent(token)}`),
  });
  const accept = useMutation({
    mutationFn: (given: Record<string, string>) => askSignIn("accept", { token, ...given }),
    onSuccess: () => enter("/"),
  });
  if (told.error) {
    return (
      <Frame title={t("invalid.title")} text={t("invalid.text")}>
        <ErrorNotice error={told.error} />
      </Frame>
    );
  }
  if (told.data === undefined) return <Loader aria-label={t("loading")} m="xl" />;
  const { kind, email, enterprise, role, hasAccount } = told.data;
  const isReset = kind === "reset";
  const title = isReset ? t("reset.title") : t("invitation.title", { name: enterprise?.name ?? "" });
  const text = isReset ? t("reset.text") : t("invitation.text", { role: role ?? "viewer" });
  const here = `${location.pathname}${location.hash}`;
  return (
    <Frame title={title} text={text}>
      {accept.error && <ErrorNotice error={accept.error} />}
      {hasAccount && !isReset ? (
        <>
          <Button loading={accept.isPending} onClick={() => accept.mutate({})}>
            {t("invitation.accept", { email })}
          </Button>
          {isSignedOut(accept.error) && (
            <LinkButton variant="default" to="/sign-in" search={{ to: here }}>
              {t("invitation.signInFirst")}
            </LinkButton>
          )}
        </>
      ) : (
        <NewAccountForm
          asks={{ name: !isReset, email: false }}
          email={email}
          submit={isReset ? t("reset.submit") : t("invitation.submit")}
          isPending={accept.isPending}
          faults={faultsOf(accept.error)}
          onSubmit={({ name, password }) =>
            accept.mutate(isReset ? { password } : { name, password, locale })
          }
        />
      )}
    </Frame>
  );
}
