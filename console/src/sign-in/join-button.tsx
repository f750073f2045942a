import { Button, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "../errors/error-notice.tsx";
import { hasCode, requestAuth } from "../session/auth-request.ts";

type Props = { email: string; error: unknown; isPending: boolean; onJoin: () => void };

/** Accepts an invitation with an existing account, which must be the one that is signed in. */
export function JoinButton({ email, error, isPending, onJoin }: Props) {
  const t = useTranslations("signIn.link.invitation");
  const here = `${location.pathname}${location.hash}`;
  const toSignIn = useMutation({
    mutationFn: () => requestAuth("sign-out", {}),
    onSuccess: () => location.assign(`/sign-in?to=${encodeURIComponent(here)}`),
  });
  const isNobody = hasCode(error, "SIGN_IN_NEEDED");
  const isAnother = hasCode(error, "INVITATION_OF_OTHER");
  if (isNobody || isAnother) {
    return (
      <>
        <Text role="alert">{isNobody ? t("signInFirst", { email }) : t("otherPerson", { email })}</Text>
        {toSignIn.error && <ErrorNotice error={toSignIn.error} />}
        <Button loading={toSignIn.isPending} onClick={() => toSignIn.mutate()}>
          {t("signIn")}
        </Button>
      </>
    );
  }
  return (
    <>
      {error !== null && <ErrorNotice error={error} />}
      <Button loading={isPending} onClick={onJoin}>
        {t("accept", { email })}
      </Button>
    </>
  );
}
