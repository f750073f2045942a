import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "../errors/error-notice.tsx";
import { bodyErrors } from "../errors/field-errors.ts";
import { useLocale } from "../i18n/locale.tsx";
import { hasCode, requestAuth } from "../session/auth-request.ts";
import { finishSignIn } from "./finish-sign-in.ts";
import { linkToken } from "./link-token.ts";
import { type NewAccount, NewAccountForm } from "./new-account-form.tsx";
import { SignInFrame } from "./sign-in-frame.tsx";

/** Creates the first administrator with the link that the first start has printed. */
export function SetUpPage() {
  const t = useTranslations("signIn");
  const { locale } = useLocale();
  const setUp = useMutation({
    mutationFn: (account: NewAccount) => requestAuth("set-up", { token: linkToken(), locale, ...account }),
    onSuccess: () => finishSignIn("/"),
  });
  if (linkToken() === "" || hasCode(setUp.error, "LINK_INVALID"))
    return <SignInFrame title={t("link.invalid.title")} text={t("needsSetUp.text")} />;
  return (
    <SignInFrame title={t("setUp.title")} text={t("setUp.text")}>
      {setUp.error && <ErrorNotice error={setUp.error} />}
      <NewAccountForm
        asks={{ name: true, email: true }}
        submit={t("setUp.submit")}
        isPending={setUp.isPending}
        fieldErrors={bodyErrors(setUp.error)}
        onSubmit={setUp.mutate}
      />
    </SignInFrame>
  );
}
