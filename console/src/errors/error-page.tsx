import { Container } from "@mantine/core";
import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { ErrorNotice } from "./error-notice.tsx";

export function ErrorPage({ error }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <Container size="sm" py="xl">
      <ErrorNotice error={error} onRetry={() => void router.invalidate()} />
    </Container>
  );
}
