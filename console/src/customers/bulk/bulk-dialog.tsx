import { Alert, Button, Group, Stack } from "@mantine/core";
import type { UseMutationResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "../../errors/error-notice.tsx";
import { isCountOutdated } from "./use-bulk-change.tsx";

type Props = {
  /** What the button says, with the count. */
  submit: string;
  isDangerous?: boolean;
  isReady: boolean;
  mutation: Pick<UseMutationResult, "isPending" | "error">;
  /** Whether the error is told beside an input already. */
  isErrorShown?: boolean;
  onSubmit: () => void;
  onCancel: () => void;
  children: ReactNode;
};

/** What is asked before many customers are changed, and how many that are. */
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
      // The service says what is wrong, in the words of the page.
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
