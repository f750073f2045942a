import { Alert, Button, Group, Stack } from "@mantine/core";
import type { UseMutationResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "../../errors/error-notice.tsx";
import { isCountOutdated } from "./use-bulk-change.tsx";

type Props = {
  submit: string;
  isDangerous?: boolean;
  isReady: boolean;
  mutation: Pick<UseMutationResult, "isPending" | "error">;
  /** The error is already shown next to an input. */
  isErrorShown?: boolean;
  onSubmit: () => void;
  onCancel: () => void;
  children: ReactNode;
};

/** A form that confirms a bulk action. */
export function BulkDialog({
  isDangerous = false,
  isErrorShown = false,
  mutation,
  children,
  ...rest
}: Props) {
  const t = useTranslations("customers.table.bulk");
  const { error, isPending } = mutation;
  return (
    <form
      // The server validates, so that errors appear in the console's language.
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        rest.onSubmit();
      }}
    >
      <Stack>
        {children}
        {error !== null &&
          !isErrorShown &&
          (isCountOutdated(error) ? (
            <Alert role="alert" color="yellow">
              {t("countChanged")}
            </Alert>
          ) : (
            <ErrorNotice error={error} />
          ))}
        <Group justify="flex-end">
          <Button variant="default" onClick={rest.onCancel}>
            {t("cancel")}
          </Button>
          <Button
            type="submit"
            {...(isDangerous && { color: "red.9" })}
            disabled={!rest.isReady}
            loading={isPending}
          >
            {rest.submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
