import { Button, Container, Stack, VisuallyHidden } from "@mantine/core";
import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { hasCode } from "../session/auth-request.ts";
import { signOut } from "../session/sign-out.ts";
import { PageTitle } from "../shell/page-title.tsx";
import { ErrorNotice } from "./error-notice.tsx";

export function ErrorPage({ error }: ErrorComponentProps) {
  const t = useTranslations("errors");
  const router = useRouter();
  // Somebody who belongs nowhere any more sees nothing but this page.
  const mustLeave = hasCode(error, "MEMBERSHIP_MISSING");
  return (
    <Container size="sm" py="xl" component="main">
      <PageTitle title={t("title")} />
      <VisuallyHidden component="h1">{t("title")}</VisuallyHidden>
      <Stack align="flex-start">
        <ErrorNotice error={error} onRetry={() => void router.invalidate()} />
        {mustLeave && (
          <Button variant="default" onClick={() => void signOut()}>
            {t("signOut")}
          </Button>
        )}
      </Stack>
    </Container>
  );
}
