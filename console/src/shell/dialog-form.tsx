import { Button, Group, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "../errors/error-notice.tsx";

type Props = {
  submit: string;
  isPending: boolean;
  error: unknown;
  isDangerous?: boolean;
  onSubmit: () => void;
  onCancel: () => void;
  children: ReactNode;
};

/** Form of a dialog. For dangerous actions, Cancel has the initial focus. */
export function DialogForm({ submit, isPending, error, isDangerous, onSubmit, onCancel, children }: Props) {
  const t = useTranslations("shell.dialog");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <Stack>
        {children}
        {error !== null && <ErrorNotice error={error} />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onCancel} {...(isDangerous ? { "data-autofocus": true } : {})}>
            {t("cancel")}
          </Button>
          <Button type="submit" loading={isPending} {...(isDangerous ? { color: "red" } : {})}>
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
