import { Group, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { ErrorNotice } from "../../errors/error-notice.tsx";
import classes from "../fields.module.css";

/** Error and buttons of a form; always visible. */
export const FormFooter = ({ error, children }: { error: unknown; children: ReactNode }) => (
  <Stack className={classes.footer!} gap="xs" mt="md">
    {error !== null && <ErrorNotice error={error} />}
    <Group justify="flex-end">{children}</Group>
  </Stack>
);
